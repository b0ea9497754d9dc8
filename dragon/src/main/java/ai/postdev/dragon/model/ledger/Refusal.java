package ai.postdev.dragon.model.ledger;

import ai.postdev.dragon.memory.ModelRoom;
import java.util.Optional;

/**
 * Why a model cannot be loaded, whatever made room.
 *
 * @param model that was asked for
 * @param needed bytes that it takes at most
 * @param possible bytes that it could have at most
 * @param pinned bytes of models that stay
 * @param memory how memory is used
 * @param alternative the largest installed model that would fit
 */
public record Refusal(
        String model,
        long needed,
        long possible,
        long pinned,
        ModelRoom.Figures memory,
        Optional<Installed> alternative) {
    private static final long MIB = 1 << 20;

    /** The same for people: the numbers, and what to do. */
    public String message() {
        return model + " takes up to " + mib(needed) + ", and at most " + mib(Math.max(0, possible))
                + " can be made free: of the budget of " + mib(memory.budget()) + " the program takes "
                + mib(memory.base()) + ", the projects hold " + mib(memory.stores()) + ", models hold "
                + mib(memory.models()) + ", of them " + mib(pinned) + " pinned"
                + "; "
                + alternative
                        .map(other -> other.model() + " would fit with " + mib(other.peakBytes()))
                        .orElse("no smaller installed model would fit")
                + ", or raise postdevai.memory.budget or postdevai.memory.models";
    }

    private static String mib(long bytes) {
        return (bytes + MIB - 1) / MIB + " MiB";
    }
}
