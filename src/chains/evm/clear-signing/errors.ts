import { declareError } from "../../../core/errors.ts";

export const DESCRIPTOR_MALFORMED = declareError(
  "ERC7730_MALFORMED",
  "invalid",
  "A descriptor is not of ERC-7730's version 2, or holds what nothing here can show.",
);
export const DESCRIPTOR_NOT_PINNED = declareError(
  "ERC7730_NOT_PINNED",
  "denied",
  "A descriptor has not the hash that its list pins, or the list is not as sha256sum writes one.",
);

export function malformed(field: string, why: string) {
  return DESCRIPTOR_MALFORMED(`${field} ${why}`, {
    field,
    hint: "leave the descriptor out: everything is shown without it as well",
  });
}
