import { submitKyc } from "../../kyc/decide.ts";
import { shellWord } from "../../core/shell-word.ts";
import { requiredFlag, type Run } from "../../terminal/command.ts";
import { change, requireSession, withOnline } from "../../home/online.ts";
import { KYC_PORTS } from "../../home/ports.ts";
import { requireCustomer } from "../customer/find.ts";
import { answerKyc } from "./draw.ts";

export const run: Run = async (call) =>
  withOnline(call, (online) => {
    requireSession(online);
    const customer = requireCustomer(online.store, requiredFlag(call.flags, "customer"));
    const record = change(online, (tx) => submitKyc(KYC_PORTS, tx, customer));
    const { ref } = customer;
    return {
      ...answerKyc(customer, record, call.io.now()),
      next: `custody kyc review --customer ${shellWord(ref)} --decision accept --tier basic --days 365 --reason documents-checked`,
    };
  });
