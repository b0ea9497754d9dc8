/**
 * The journal: what was acknowledged, on disk. A plain engine over one RocksDB of the node ({@link
 * ai.postdev.dragon.lake.journal.Journal}) and the thin actor that commits for many writers at once ({@link
 * ai.postdev.dragon.lake.journal.JournalWriter}).
 */
package ai.postdev.dragon.lake.journal;
