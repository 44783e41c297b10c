/**
 * Hints and next steps are commands that people copy into a shell. What a stranger may have chosen (a customer's
 * reference, the name of a file) stands in them through `shellWord`, or it runs there. Default deny: an expression in a
 * command is a name that this list knows to have a shape without shell letters, or it is quoted.
 */
import ts from "typescript";
import { expect, test } from "vitest";
import { CODE, sources } from "./tree.ts";

/** Variables and members by their last name: ids, digests, names, numbers, states, words of ours. */
const SHAPED: ReadonlySet<string> = new Set([
  "address",
  "after",
  "again",
  "asked",
  "at",
  "born",
  "chain",
  "code",
  "coin",
  "count",
  "custody",
  "decision",
  "digest",
  "end",
  "expected",
  "field",
  "flag",
  "format",
  "found",
  "given",
  "halt",
  "hint",
  "id",
  "index",
  "key",
  "kind",
  "length",
  "letter",
  "letters",
  "limit",
  "low",
  "more",
  "name",
  "network",
  "next",
  "number",
  "online",
  "operation",
  "otherwise",
  "page",
  "plan",
  "plans",
  "platform",
  "policy",
  "program",
  "reach",
  "replace",
  "seq",
  "sighted",
  "size",
  "spec",
  "state",
  "threshold",
  "transaction",
  "tx",
  "txid",
  "type",
  "units",
  "verb",
  "version",
  "wallet",
  "withdrawal",
]);

/** Functions that give names, amounts and words of ours. */
const WORDS_OF = ["cardFile", "formatAmount", "runbookOf", "scopeText", "signedFile", "warrantRole"];

/** Expressions that stand beside a command, not in it, or that are a plan's id. */
const BESIDE = ["about.draft", "home", 'loose.join(", ")', 'admins.map(({ person }) => person).join(", ")'];

/** Constants in capitals are ours. */
const CONSTANT = /^[A-Z][A-Z0-9_]*$/;

const COMMAND =
  /(?:^|[\s(`:])(?:custody(?:-signer|-watcher)? (?!database)(?:[a-z]|…)|(?:ls|chmod|cp|mv|split) -?\S)|\S --[a-z-]+[ =]…/;

function isShaped(expression: ts.Expression, file: ts.SourceFile): boolean {
  const ok = (each: ts.Expression) => isShaped(each, file);
  if (BESIDE.includes(expression.getText(file))) return true;
  if (ts.isStringLiteralLike(expression) || ts.isTemplateExpression(expression)) return true; // judged where it stands
  if (ts.isIdentifier(expression)) return SHAPED.has(expression.text) || CONSTANT.test(expression.text);
  if (ts.isPropertyAccessExpression(expression)) {
    const { text } = expression.name;
    return SHAPED.has(text) || CONSTANT.test(text) || CONSTANT.test(expression.expression.getText(file));
  }
  if (ts.isElementAccessExpression(expression) || ts.isNonNullExpression(expression))
    return ok(expression.expression);
  if (ts.isParenthesizedExpression(expression)) return ok(expression.expression);
  if (ts.isConditionalExpression(expression)) return ok(expression.whenTrue) && ok(expression.whenFalse);
  if (ts.isBinaryExpression(expression))
    return (
      expression.operatorToken.kind !== ts.SyntaxKind.QuestionQuestionToken ||
      (ok(expression.left) && ok(expression.right))
    );
  if (!ts.isCallExpression(expression)) return false;
  const called = expression.expression;
  if (ts.isIdentifier(called)) return ["shellWord", ...WORDS_OF].includes(called.text);
  // `copies.map(shellWord).join(" ")`, `Object.keys(STATES).join(", ")`
  const text = called.getText(file);
  return (
    text.endsWith(".map(shellWord).join") ||
    /^Math\.\w+$/.test(text) ||
    /^Object\.keys\([A-Z_]+\)\.join$/.test(text)
  );
}

/** Every expression within a command that is neither shaped nor quoted. */
function unquoted(path: string, text: string): readonly string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTemplateExpression(node)) {
      const words = [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join("…");
      if (COMMAND.test(words)) {
        for (const { expression } of node.templateSpans) {
          if (isShaped(expression, file)) continue;
          const { line } = file.getLineAndCharacterOfPosition(expression.getStart(file));
          found.push(`${path}:${line + 1}: ${expression.getText(file)}`);
        }
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

test("whatever a stranger may have chosen is quoted in commands that people copy", () => {
  expect(sources(...CODE).flatMap(({ path, text }) => unquoted(path, text))).toEqual([]);
});

test("twin: it finds what is not quoted, and passes what is", () => {
  const said = (template: string) => unquoted("a.ts", `const hint = \`${template}\`;`).length;
  expect(said("custody customer add --ref ${ref}")).toBe(1);
  expect(said("custody customer add --ref ${shellWord(ref)}")).toBe(0);
  expect(said("${verb} --in ${file}")).toBe(1);
  expect(said("custody withdraw show ${id}")).toBe(0);
  expect(said("custody policy import ${copies.join(' ')}")).toBe(1);
  expect(said("custody policy import ${copies.map(shellWord).join(' ')}")).toBe(0);
  expect(said("there is no customer ${ref}")).toBe(0);
});
