/**
 * What a database promises to whoever wrote statements for it, and what a migration takes of that.
 *
 * Taken   something that was there is gone or another; a row that could be written before no longer can: a column without a default, a
 *         constraint, a unique index or a trigger that a table gets afterwards.
 */
import type pg from "pg";

interface Thing {
  readonly kind: "column" | "constraint" | "index" | "trigger";
  readonly table: string;
  readonly name: string;
  /** All that matters of it. */
  readonly what: string;
  /** Refuses rows that were fine without it. */
  readonly binds: boolean;
}

const SHAPE = `
  with tables as (
    select c.oid, n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema')
       and n.nspname not like 'pg_toast%')
  select 'column' as kind, t.name as table, a.attname as name,
         format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' ' || a.attidentity::text || a.attgenerated::text || ' '
           || coalesce(pg_get_expr(d.adbin, d.adrelid), '') as what,
         a.attnotnull and d.adbin is null and a.attidentity = '' as binds
    from tables t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
  union all
  select 'constraint', t.name, o.conname, pg_get_constraintdef(o.oid), true
    from tables t join pg_constraint o on o.conrelid = t.oid where o.contype <> 'n'
  union all
  select 'index', t.name, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), i.indisunique
    from tables t join pg_index i on i.indrelid = t.oid
  union all
  select 'trigger', t.name, g.tgname, pg_get_triggerdef(g.oid), true
    from tables t join pg_trigger g on g.tgrelid = t.oid and not g.tgisinternal`;

export async function shapeOf(pool: Pick<pg.Pool, "query">): Promise<readonly Thing[]> {
  return (await pool.query<Thing>(SHAPE)).rows;
}

export function taken(before: readonly Thing[], after: readonly Thing[]): readonly string[] {
  const nameOf = ({ kind, table, name }: Thing) => `${kind} ${table} ${name}`;
  const now = new Map(after.map((thing) => [nameOf(thing), thing]));
  const were = new Set(before.map(nameOf));
  const tables = new Set(before.map(({ table }) => table));
  return [
    ...before.filter((thing) => now.get(nameOf(thing))?.what !== thing.what).map(nameOf),
    ...after
      .filter((thing) => thing.binds && tables.has(thing.table) && !were.has(nameOf(thing)))
      .map((thing) => `new ${nameOf(thing)}`),
  ];
}
