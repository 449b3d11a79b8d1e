/**
 * The social ministry's database: a system of the nineties with short column names, codes for kinds and states, dates as
 * `YYYYMMDD`, text in cp1256 bytes.
 *
 * care_record      رعاية    ry_no care file, ry_sl line, ry_nw kind, ry_tr day, ry_ml summary
 * status_decision  قرار     qr_no care file, qr_hl status, qr_tr day, qr_sb reasons
 * licence          ترخيص    tr_no licence file, tr_rq number, tr_nh last day, tr_sa beds
 */
export const MOSD_TABLES = `
  create table care_record (
    ry_no varchar(12) not null,
    ry_sl integer not null,
    ry_nw smallint not null,
    ry_tr char(8) not null,
    ry_ml bytea,
    primary key (ry_no, ry_sl)
  );
  create table status_decision (
    qr_no varchar(12) primary key,
    qr_hl char(1) not null,
    qr_tr char(8) not null,
    qr_sb bytea
  );
  create table licence (
    tr_no varchar(12) primary key,
    tr_rq varchar(12) not null,
    tr_nh char(8),
    tr_sa smallint
  )`;

export const MOSD_INDEXES = "create index on care_record (ry_no, ry_tr, ry_sl)";

export const CARE_CODES = { SHELTER: 1, SOCIAL: 2, PSYCHOLOGICAL: 3, FINANCIAL: 4 } as const;
export const STATUS_CODES = {
  NOT_ASSESSED: "0",
  POSSIBLE_VICTIM: "1",
  ACTUAL_VICTIM: "2",
  NOT_A_VICTIM: "9",
} as const;
