/**
 * z3 in a process of its own: an SMT-LIB script comes on standard input, what z3 says goes to standard output.
 * Its memory and its threads end with the process.
 */
import { text } from "node:stream/consumers";
import { init } from "z3-solver";

const { Z3 } = await init();
const context = Z3.mk_context(Z3.mk_config());
const answer = await Z3.eval_smtlib2_string(context, await text(process.stdin));
process.stdout.write(answer, () => process.exit(0));
