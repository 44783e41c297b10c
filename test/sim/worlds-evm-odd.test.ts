import { EVM_FAMILY } from "./families/evm/family.ts";
import { playShare } from "./share.ts";

playShare(1, EVM_FAMILY, 0.4);
