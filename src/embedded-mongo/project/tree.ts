import { getField, isDocument, setField, type Document } from '../bson/index.js';
import { fail } from '../errors.js';

/** What happens to one field of a projection. */
export type Leaf =
  | { kind: 'include' | 'exclude' }
  | { kind: 'slice'; apply: (value: unknown) => unknown }
  | { kind: 'computed'; evaluate: (root: Document) => unknown };

/** A projection by field names. */
export interface Tree {
  kind: 'tree';
  children: Map<string, Tree | Leaf>;
}

/** An empty tree. */
export function newTree(): Tree {
  return { kind: 'tree', children: new Map() };
}

/** Adds a leaf; a path may be neither repeated nor continue another one. */
export function addLeaf(tree: Tree, path: string, leaf: Leaf): void {
  const parts = path.split('.');
  let node = tree;
  parts.forEach((part, i) => {
    const child = node.children.get(part);
    if (i === parts.length - 1) {
      if (child !== undefined) fail(31250, `Path collision at ${path}`);
      node.children.set(part, leaf);
    } else if (child === undefined) {
      const next = newTree();
      node.children.set(part, next);
      node = next;
    } else if (child.kind === 'tree') node = child;
    else fail(31249, `Path collision at ${path} remaining portion ${parts.slice(i + 1).join('.')}`);
  });
}

/** Keeps only the fields of the tree, in the order of the document. */
export function include(doc: Document, tree: Tree): Document {
  const result: Document = {};
  for (const key of Object.keys(doc)) {
    const node = tree.children.get(key);
    if (node === undefined) continue;
    let value: unknown;
    if (node.kind === 'include') value = doc[key];
    else if (node.kind === 'slice') value = node.apply(doc[key]);
    else if (node.kind === 'tree') value = includeValue(doc[key], node, hasComputed(node));
    if (value !== undefined) setField(result, key, value);
  }
  return result;
}

/** With `keep`, array elements that are no documents leave a gap, which computed fields will fill. */
function includeValue(value: unknown, tree: Tree, keep: boolean): unknown {
  if (isDocument(value)) return include(value, tree);
  if (!Array.isArray(value)) return undefined;
  const items = value.map((item) => includeValue(item, tree, keep));
  return keep ? items : items.filter((item) => item !== undefined);
}

/** Leaves out the fields of the tree. */
export function exclude(doc: Document, tree: Tree): Document {
  const result: Document = {};
  for (const key of Object.keys(doc)) {
    const node = tree.children.get(key);
    if (node?.kind === 'exclude') continue;
    if (node?.kind === 'slice') setField(result, key, node.apply(doc[key]));
    else setField(result, key, node?.kind === 'tree' ? excludeValue(doc[key], node) : doc[key]);
  }
  return result;
}

function excludeValue(value: unknown, tree: Tree): unknown {
  if (isDocument(value)) return exclude(value, tree);
  return Array.isArray(value) ? value.map((item) => excludeValue(item, tree)) : value;
}

function hasComputed(node: Tree | Leaf): boolean {
  return node.kind === 'computed' || (node.kind === 'tree' && [...node.children.values()].some(hasComputed));
}

/** Sets the computed fields of the tree in a copy of the document; a computed "missing" removes the field. */
export function compute(doc: Document, tree: Tree, root: Document): Document {
  const result: Document = { ...doc };
  for (const [key, node] of tree.children) {
    if (!hasComputed(node)) continue;
    const value = node.kind === 'computed' ? node.evaluate(root) : computeValue(getField(doc, key), node as Tree, root);
    if (value === undefined) delete result[key];
    else setField(result, key, value);
  }
  return result;
}

function computeValue(value: unknown, tree: Tree, root: Document): unknown {
  if (Array.isArray(value)) return value.map((item) => computeValue(item, tree, root));
  return compute(isDocument(value) ? value : {}, tree, root);
}

/** True if any leaf of the tree is computed. */
export function treeHasComputed(tree: Tree): boolean {
  return hasComputed(tree);
}
