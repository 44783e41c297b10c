/**
 * Houses of three, five and nine people: who holds which roles, what that keeps apart, and what it gives up. Whatever a
 * policy made from one is warned of (`policy verify`) stands here in words first, so that nobody finds it out later.
 */
import type { Template } from "./house.ts";
import { FIVE } from "./template-five.ts";
import { NINE } from "./template-nine.ts";
import { THREE } from "./template-three.ts";

export const TEMPLATE_NAMES = ["three", "five", "nine"] as const;
export type TemplateName = (typeof TEMPLATE_NAMES)[number];

export const TEMPLATES: Readonly<Record<TemplateName, Template>> = { three: THREE, five: FIVE, nine: NINE };
