/** F02, F03, F09: the online host is killed at every second of two writes of the main path (crashes.ts). */
import { dieAtEveryWrite } from "./crashes.ts";

dieAtEveryWrite(1);
