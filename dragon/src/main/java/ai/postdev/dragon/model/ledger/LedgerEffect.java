package ai.postdev.dragon.model.ledger;

/** What has to be done so that memory suffices. */
public sealed interface LedgerEffect {
    /**
     * A slot that does nothing is unloaded: the queue is told to give it nothing more, and the ledger when it is gone.
     *
     * @param reason for people
     */
    record Evict(String slot, String reason) implements LedgerEffect {}

    /**
     * A slot makes its prompt cache and what it keeps for sequences without using it smaller, then says what it takes.
     *
     * @param bytes that it gives back, at least
     */
    record Trim(String slot, long bytes) implements LedgerEffect {}
}
