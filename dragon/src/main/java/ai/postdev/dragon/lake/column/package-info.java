/**
 * Append-only columns in memory: what the store engines are built from. One thread appends, any thread reads the rows
 * that were there when it got its view. Rows are never changed or removed, so a view is the engine plus a row count.
 */
package ai.postdev.dragon.lake.column;
