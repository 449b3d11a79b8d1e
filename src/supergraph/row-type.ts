/** The type of the rows that a page carries (Relay connections); of any other type, itself. */
export const rowType = (type: string): string => type.replace(/Connection$/, "");
