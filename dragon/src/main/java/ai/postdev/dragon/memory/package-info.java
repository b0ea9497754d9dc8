/**
 * Memory of a node's lakes: one ledger that knows who holds how much, one RAM disk that bulk data lies on, and a budget
 * that holds for the whole process.
 */
package ai.postdev.dragon.memory;
