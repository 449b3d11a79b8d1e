/** Why a token was refused: for the log, which prints codes of errors and never their messages. The caller is not told. */
export class TokenProblem extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.name = "TokenProblem";
    this.code = code;
  }
}
