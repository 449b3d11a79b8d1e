/** Every kind of bad input against one deployment: see `support/bad-input.ts` for what is expected of each. */
import { refuses } from "../support/bad-input.ts";
import { BAD_DOCUMENT } from "./bad-document.ts";
import { BAD_IDENTITY } from "./bad-identity.ts";
import { BAD_TRANSPORT } from "./bad-transport.ts";

refuses([...BAD_IDENTITY, ...BAD_DOCUMENT, ...BAD_TRANSPORT]);
