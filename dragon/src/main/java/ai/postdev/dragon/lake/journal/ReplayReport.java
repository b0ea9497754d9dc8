package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.VersionVector;

/**
 * What a replay handed out.
 *
 * @param operations handed out
 * @param lost operations that an earlier repair gave up, passed over
 * @param upTo where the journal ended when the replay began: everything up to here was handed out
 * @param ahead whether the caller's vector knows operations that the journal does not hold (the disk lost its newest
 *     writes): what the caller folded from them must be thrown away and replayed from the beginning
 */
public record ReplayReport(long operations, long lost, VersionVector upTo, boolean ahead) {}
