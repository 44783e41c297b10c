import { listCustomers } from "../../store/customers.ts";
import type { Run } from "../../terminal/command.ts";
import { drawTable } from "../../terminal/table.ts";
import { withOnline } from "../../home/online.ts";
import { pageOf } from "../page.ts";

export const run: Run = async (call) =>
  withOnline(call, ({ store }) => {
    const customers = listCustomers(store, pageOf(call.flags));
    return {
      data: customers.map(({ id, ref, state, created }) => ({ id, ref, state, created })),
      text: drawTable(
        [{ head: "REF" }, { head: "STATE" }, { head: "PSEUDONYM" }, { head: "ADDED" }],
        customers.map(({ ref, state, id, created }) => [ref, state, id, created]),
        call.io.stdout,
      ),
    };
  });
