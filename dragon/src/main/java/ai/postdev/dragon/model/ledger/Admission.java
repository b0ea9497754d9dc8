package ai.postdev.dragon.model.ledger;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Whether a model may be loaded. */
public sealed interface Admission {
    /** Its bytes are taken: load it. */
    enum Granted implements Admission {
        GRANTED
    }

    /**
     * It may be as soon as room was made: ask again when something of it was done, or at {@code retryAt}. Until then, or until
     * the plan is withdrawn, no other model gets the room.
     *
     * @param effects what has to be done; empty while the stores make way, or when all was asked for before
     */
    record Making(List<LedgerEffect> effects, long retryAt) implements Admission {
        public Making {
            effects = List.copyOf(effects);
        }
    }

    /**
     * Models are in the way that are in use, and none of them is ever unloaded while it works.
     *
     * @param by slots that would have to be idle; empty if only time has to pass
     * @param retryAt when it is worth to ask again if nothing changes before
     */
    record Blocked(Set<String> by, OptionalLong retryAt) implements Admission {
        public Blocked {
            by = Set.copyOf(by);
        }
    }

    /** It never fits as things are. */
    record Refused(Refusal refusal) implements Admission {}
}
