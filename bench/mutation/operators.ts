import { own } from '../../lib/evaluation/records'
import type { Node, Syntax } from './syntax'

/** A part of the text and what stands there instead. */
export type Edit = { readonly start: number; readonly end: number; readonly by: string }

/** All that an operator makes of a node; none where it does not apply. */
type Mutate = (node: Node, syntax: Syntax) => readonly Edit[]

type Operator = { readonly on: readonly string[]; readonly mutate: Mutate }

type Swaps = Readonly<Record<string, string>>

const whole = ({ start, end }: Node, by: string): Edit => ({ start, end, by })

const BOUNDARY: Swaps = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' }
const NEGATION: Swaps = { '<': '>=', '<=': '>', '>': '<=', '>=': '<', '===': '!==', '!==': '===' }
const LOGIC: Swaps = { '&&': '||', '||': '&&', '??': '&&' }
const ARITHMETIC: Swaps = { '+': '-', '-': '+', '*': '/', '/': '*', '%': '*', '**': '*' }
const BITS: Swaps = { '<<': '>>', '>>': '<<', '>>>': '<<', '&': '|', '|': '&', '^': '&' }
const ASSIGNMENT: Swaps = { '+=': '-=', '-=': '+=', '|=': '&=', '&=': '|=', '^=': '&=', '??=': '&&=' }

const METHODS: Swaps = {
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  some: 'every',
  every: 'some',
  min: 'max',
  max: 'min',
  floor: 'ceil',
  ceil: 'floor',
  toLowerCase: 'toUpperCase',
  toUpperCase: 'toLowerCase',
  trimStart: 'trimEnd',
  trimEnd: 'trimStart',
  indexOf: 'lastIndexOf',
  lastIndexOf: 'indexOf',
  find: 'findLast',
  findIndex: 'findLastIndex',
  findLastIndex: 'findIndex',
  reduceRight: 'reduce',
  push: 'unshift',
  unshift: 'push',
  flatMap: 'map',
}
/** Methods whose result may stand for their object: the call is left out. */
const LEFT_OUT = ['filter', 'sort', 'slice', 'trim', 'reverse', 'flat']

/** In parentheses, or the other operator might bind more tightly than the one it stands for. */
function binary(swaps: Swaps): Operator {
  return {
    on: ['BinaryExpression'],
    mutate: (node, syntax) => {
      const by = swaps[node.fields.operator as string]
      if (by === undefined) return []
      const left = syntax.textOf(syntax.child(node, 'left')!)
      return [whole(node, `((${left}) ${by} (${syntax.textOf(syntax.child(node, 'right')!)}))`)]
    },
  }
}

function conditions(on: readonly string[], values: readonly string[]): Operator {
  return {
    on,
    mutate: (node, syntax) => {
      const test = syntax.child(node, 'test')
      return test ? values.map((value) => whole(test, value)) : []
    },
  }
}

function removed(on: readonly string[]): Operator {
  return { on, mutate: (node) => [whole(node, ';')] }
}

function emptied(type: string, list: string, empty: string): Operator {
  return {
    on: [type],
    mutate: (node) => ((node.fields[list] as unknown[]).length > 0 ? [whole(node, empty)] : []),
  }
}

/** A constant has operators of its own. */
function isWorkedOut(result: Node, syntax: Syntax): boolean {
  return !result.type.endsWith('Literal') && syntax.textOf(result) !== 'undefined'
}

/** The name of the method that is called, as a node, and the object it is called on. */
function methodOf(call: Node, syntax: Syntax): { name: Node; object: Node } | null {
  const callee = syntax.child(call, 'callee')
  if (callee?.type !== 'MemberExpression') return null
  const name = syntax.child(callee, 'property')
  return name?.type === 'Identifier' ? { name, object: syntax.child(callee, 'object')! } : null
}

/** Every way in which a file is changed, one at a time. */
export const operators: Readonly<Record<string, Operator>> = {
  boundary: binary(BOUNDARY),
  negation: binary(NEGATION),
  logic: binary(LOGIC),
  arithmetic: binary(ARITHMETIC),
  bits: binary(BITS),
  assignment: {
    on: ['AssignmentExpression'],
    mutate: (node, syntax) => {
      const by = ASSIGNMENT[node.fields.operator as string]
      if (by === undefined) return []
      const left = syntax.textOf(syntax.child(node, 'left')!)
      return [whole(node, `${left} ${by} ${syntax.textOf(syntax.child(node, 'right')!)}`)]
    },
  },
  unary: {
    on: ['UnaryExpression'],
    mutate: (node, syntax) =>
      ['!', '-', '~'].includes(node.fields.operator as string)
        ? [whole(node, syntax.textOf(syntax.child(node, 'argument')!))]
        : [],
  },
  update: {
    on: ['UpdateExpression'],
    mutate: (node, syntax) => {
      const by = node.fields.operator === '++' ? '--' : '++'
      const argument = syntax.textOf(syntax.child(node, 'argument')!)
      return [whole(node, node.fields.prefix ? by + argument : argument + by)]
    },
  },
  boolean: { on: ['BooleanLiteral'], mutate: (node) => [whole(node, String(!node.fields.value))] },
  number: {
    on: ['NumericLiteral'],
    mutate: (node) => [whole(node, String((node.fields.value as number) + 1))],
  },
  string: {
    on: ['StringLiteral'],
    mutate: (node) => [whole(node, node.fields.value === '' ? "'mutated'" : "''")],
  },
  template: {
    on: ['TemplateLiteral'],
    mutate: (node, syntax) => (syntax.textOf(node) === '``' ? [] : [whole(node, '``')]),
  },
  condition: conditions(['IfStatement', 'ConditionalExpression'], ['true', 'false']),
  loop: conditions(['WhileStatement', 'DoWhileStatement', 'ForStatement'], ['false']),
  return: {
    on: ['ReturnStatement'],
    mutate: (node, syntax) => {
      const argument = syntax.child(node, 'argument')
      return argument && isWorkedOut(argument, syntax) ? [whole(argument, 'undefined')] : []
    },
  },
  arrow: {
    on: ['ArrowFunctionExpression'],
    mutate: (node, syntax) => {
      const body = syntax.child(node, 'body')!
      const isResult = body.type !== 'BlockStatement' && isWorkedOut(body, syntax)
      return isResult ? [whole(body, 'undefined')] : []
    },
  },
  statement: removed(['ExpressionStatement', 'ThrowStatement', 'BreakStatement', 'ContinueStatement']),
  list: emptied('ArrayExpression', 'elements', '[]'),
  object: emptied('ObjectExpression', 'properties', '{}'),
  optional: {
    on: ['OptionalChainingExpression'],
    mutate: (node, syntax) => {
      const base = syntax.child(node, 'base')!
      const object = syntax.child(base, 'object') ?? syntax.child(base, 'callee')!
      const rest = syntax.textOf({ start: object.end, end: node.end })
      if (!rest.startsWith('?.')) return []
      return [{ start: object.end, end: object.end + 2, by: /[[(]/.test(rest[2]!) ? '' : '.' }]
    },
  },
  method: {
    on: ['CallExpression'],
    mutate: (node, syntax) => {
      const method = methodOf(node, syntax)
      const by = method && own(METHODS, syntax.textOf(method.name))
      return method && by ? [whole(method.name, by)] : []
    },
  },
  call: {
    on: ['CallExpression'],
    mutate: (node, syntax) => {
      const method = methodOf(node, syntax)
      return method && LEFT_OUT.includes(syntax.textOf(method.name))
        ? [whole(node, syntax.textOf(method.object))]
        : []
    },
  },
}
