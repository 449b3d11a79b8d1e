/** Why a token was refused: for the log, which prints codes of errors and never their messages. The caller is not told. */
export class TokenProblem extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.name = "TokenProblem";
    this.code = code;
  }
}

/** The proof is good but for its nonce: the one thing that a caller is told, since only we can know it. */
export class NonceWanted extends TokenProblem {
  readonly nonce: string;

  constructor(nonce: string) {
    super("the proof has not our nonce");
    this.nonce = nonce;
  }
}
