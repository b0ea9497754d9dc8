package ai.postdev.actors.op;

/**
 * One durable change: the unit of the journal, of recovery and of replication.
 *
 * @param sequence from 1, without gaps, per project and origin
 */
public record Operation(ProjectId project, Origin origin, long sequence, HybridTime time, Body body) {
    public Operation {
        if (sequence < 1) {
            throw new IllegalArgumentException("sequence must be at least 1, found " + sequence);
        }
    }
}
