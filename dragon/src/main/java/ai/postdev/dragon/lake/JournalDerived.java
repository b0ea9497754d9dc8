package ai.postdev.dragon.lake;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.dragon.lake.code.DerivedStore;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.journal.JournalRefused;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps parsed syntax beside the journal. What cannot be kept is derived again, so a failure is only logged. */
final class JournalDerived implements DerivedStore {
    private static final Logger LOG = LoggerFactory.getLogger(JournalDerived.class);
    private static final String KIND = "syntax";

    private final Journal journal;

    JournalDerived(Journal journal) {
        this.journal = journal;
    }

    @Override
    public Optional<byte[]> get(ContentHash hash) {
        try {
            return journal.derived(KIND, hash);
        } catch (JournalRefused e) {
            LOG.warn("syntax of {} is parsed again: {}", hash, e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public void put(ContentHash hash, byte[] derived) {
        try {
            journal.putDerived(KIND, hash, derived);
        } catch (JournalRefused e) {
            LOG.warn("syntax of {} is not kept: {}", hash, e.getMessage());
        }
    }
}
