/**
 * How values of a PostgreSQL agency become values of answers: dates `YYYY-MM-DD` and instants ISO 8601 UTC, as text; `pg`
 * alone would make them `Date`s of the process's time zone. Exact decimals are text already.
 */
import pg from "pg";

const { DATE, TIMESTAMPTZ } = pg.types.builtins;

export const TEXT_VALUES: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => {
    if (format !== "binary" && oid === DATE) return String;
    if (format !== "binary" && oid === TIMESTAMPTZ) return instant;
    return pg.types.getTypeParser(oid, format as "text");
  },
};

const instant = (text: string): string => new Date(text).toISOString().replace(".000Z", "Z");
