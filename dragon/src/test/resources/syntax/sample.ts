import { a } from "./a";
import type { B } from 'b';
export * from "c";

export const LIMIT = 3;
export const run = async (x: number): Promise<void> => {
  const local = 1;
  function inner() {}
};

export default class Client<T> extends Base {
  private readonly url: string = "";
  handler = () => {};
  constructor(url: string) { super(); }
  get size(): number { return 1; }
  static async send(x: T): Promise<T> { return x; }
}

export abstract class Shape {
  abstract area(): number;
}

interface Point {
  x: number;
  move(dx: number): void;
}

enum Color { Red, Green = "g" }

type Id = string | number;

namespace Geo {
  export function dist() {}
}

declare function external(x: number): void;
