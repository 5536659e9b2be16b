// When a question is asked: the meaning of the trees that the server makes of conditions (`core/surveys/conditions.py`), whose cases
// (`core/surveys/tests/conditions.json`) are asked of both.

export type Tree = [string, ...unknown[]];
export type Value = string | number | boolean | string[];
export type Answers = Readonly<Record<string, unknown>>;

const NUMBER = /^-?\d{1,15}(?:\.\d{1,10})?$/;

export function holds(tree: Tree, answers: Answers): boolean {
  return truth(value(tree, answers));
}

function value(tree: Tree, answers: Answers): Value {
  const [operation, ...operands] = tree;
  if (operation === "text" || operation === "number") return operands[0] as Value;
  if (operation === "field") return answer(answers[operands[0] as string]);
  const [first, second] = operands as [Tree, Tree];
  if (operation === "and") return truth(value(first, answers)) && truth(value(second, answers));
  if (operation === "or") return truth(value(first, answers)) || truth(value(second, answers));
  return compute(operation, (operands as Tree[]).map((operand) => value(operand, answers)));
}

function compute(operation: string, [first = "", second = ""]: Value[]): Value {
  switch (operation) {
    case "=": return same(first, second);
    case "!=": return !same(first, second);
    case "<": return ordered(first, second, (left, right) => left < right);
    case "<=": return ordered(first, second, (left, right) => left <= right);
    case ">": return ordered(first, second, (left, right) => left > right);
    case ">=": return ordered(first, second, (left, right) => left >= right);
    case "+": return computed(first, second, (left, right) => left + right);
    case "-": return computed(first, second, (left, right) => left - right);
    case "*": return computed(first, second, (left, right) => left * right);
    case "div": return computed(first, second, (left, right) => left / right);
    case "mod": return computed(first, second, (left, right) => left % right);
    case "not": return !truth(first);
    case "selected": return selected(first, second);
    case "count-selected": return Array.isArray(first) ? first.length : Number(truthOfPlain(first));
    case "string-length": return [...text(first)].length;
    case "true": return true;
    default: return operation === "self" ? "" : false;
  }
}

/** An answer as expressions see it: what is neither text, number nor list is there or not. */
function answer(raw: unknown): Value {
  if (raw === null || raw === undefined) return "";
  if (typeof raw === "boolean") return raw ? "oui" : "non";
  if (typeof raw === "number" || typeof raw === "string") return raw;
  if (Array.isArray(raw) && raw.every((item) => typeof item === "string")) return raw as string[];
  return Array.isArray(raw) && !raw.length ? "" : "x";
}

function truthOfPlain(plain: Value): boolean {
  return Array.isArray(plain) ? plain.length > 0 : Boolean(plain);
}

function truth(plain: Value): boolean {
  return typeof plain === "number" ? plain !== 0 : truthOfPlain(plain);
}

function number(plain: Value): number | null {
  if (typeof plain === "boolean") return Number(plain);
  if (typeof plain === "number") return plain;
  return typeof plain === "string" && NUMBER.test(plain) ? Number(plain) : null;
}

function text(plain: Value): string {
  if (Array.isArray(plain)) return plain.join(" ");
  if (typeof plain === "number") return Number.isInteger(plain) && Math.abs(plain) < 1e15 ? String(plain) : "";
  return typeof plain === "boolean" ? (plain ? "oui" : "non") : plain;
}

/** Both as what can be compared: numbers when one is; null when nothing is more or less. */
function compared(first: Value, second: Value): [number, number] | [string, string] | null {
  if (typeof first !== "number" && typeof second !== "number") return [text(first), text(second)];
  const [left, right] = [number(first), number(second)];
  return left === null || right === null ? null : [left, right];
}

function same(first: Value, second: Value): boolean {
  const pair = compared(first, second);
  return pair !== null && pair[0] === pair[1];
}

function isEmpty(plain: Value): boolean {
  return plain === "" || (Array.isArray(plain) && plain.length === 0);
}

function ordered(first: Value, second: Value, test: (left: number | string, right: number | string) => boolean): boolean {
  const pair = isEmpty(first) || isEmpty(second) ? null : compared(first, second);
  return pair !== null && test(pair[0], pair[1]);
}

function computed(first: Value, second: Value, operation: (left: number, right: number) => number): Value {
  const [left, right] = [number(first), number(second)];
  if (left === null || right === null) return "";
  const result = operation(left, right);
  return Number.isFinite(result) ? result : "";
}

function selected(chosen: Value, choice: Value): boolean {
  const wished = text(choice);
  return Array.isArray(chosen) ? chosen.includes(wished) : wished !== "" && wished === text(chosen);
}
