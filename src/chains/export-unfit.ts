import { declareError } from "../core/errors.ts";

export const EXPORT_UNFIT = declareError(
  "EXPORT_UNFIT",
  "usage",
  "A wallet cannot be written in a format: the format has no words for its kind, its name or its keys.",
);
