import { EVM_FAMILY } from "./families/evm/family.ts";
import { playShare } from "./share.ts";

playShare(0, EVM_FAMILY, 0.4);
