import { expect, it } from "vitest";
import { JSON_TYPE, mediaTypeFor, RESPONSE_TYPE } from "../../src/server/media-type.ts";

it.each([
  [undefined, JSON_TYPE],
  ["", JSON_TYPE],
  ["*/*", JSON_TYPE],
  ["application/*", JSON_TYPE],
  ["application/json", JSON_TYPE],
  ["Application/JSON; Charset=UTF-8", JSON_TYPE],
  ["application/graphql-response+json", RESPONSE_TYPE],
  ['application/graphql-response+json; charset="utf-8"', RESPONSE_TYPE],
  ["application/graphql-response+json, application/json;q=0.9", RESPONSE_TYPE],
  ["application/graphql-response+json;q=0.5, application/json;q=0.9", JSON_TYPE],
  ["application/graphql-response+json, application/json", RESPONSE_TYPE],
  ["application/json, application/graphql-response+json", JSON_TYPE],
  ["application/graphql-response+json, */*;q=0.1", RESPONSE_TYPE],
  ["*/*, application/graphql-response+json", RESPONSE_TYPE],
  ["application/json;q=0, */*", RESPONSE_TYPE],
  ["multipart/mixed;deferSpec=20220824,application/json", JSON_TYPE],
  ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", JSON_TYPE],
  ["application/json;q=0", null],
  ["application/json;q=x", null],
  ["application/json; charset=latin1", null],
  ["application/json; callbackSpec=1.0", null],
  ["text/html", null],
  ["image/png, text/*", null],
  [`application/json,${"text/x;q=0.1,".repeat(500)}`, JSON_TYPE],
])("of accept %j is %s, each time it is asked", (accept, expected) => {
  expect([mediaTypeFor(accept), mediaTypeFor(accept)]).toEqual([expected, expected]);
});
