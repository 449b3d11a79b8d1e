/**
 * z3 in a process of its own: an SMT-LIB script comes on standard input, what z3 says goes to standard output.
 * Its memory and its threads end with the process, and that after the milliseconds of its argument: whoever began it may be gone by then.
 */
import { text } from "node:stream/consumers";
import { init } from "z3-solver";

setTimeout(() => process.exit(1), Number(process.argv[2]));
const { Z3 } = await init();
const context = Z3.mk_context(Z3.mk_config());
const answer = await Z3.eval_smtlib2_string(context, await text(process.stdin));
process.stdout.write(answer, () => process.exit(0));
