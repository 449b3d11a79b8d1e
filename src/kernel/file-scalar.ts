/** The scalar by which an agency names a file of its own. A reader is shown a link in its place (`files/`). */
export const FILE_SCALAR = "AttachmentRef";
