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
    private static final long MB = 1_000_000;

    /** The same for people: the numbers, and what to do. */
    public String message() {
        return model + " takes up to " + megabytes(needed) + ", and at most " + megabytes(Math.max(0, possible))
                + " can be made free: of the budget of " + megabytes(memory.budget()) + " the program takes "
                + megabytes(memory.base()) + ", the projects hold " + megabytes(memory.stores()) + ", models hold "
                + megabytes(memory.models()) + ", of them " + megabytes(pinned) + " pinned"
                + "; "
                + alternative
                        .map(other -> other.model() + " would fit with " + megabytes(other.peakBytes()))
                        .orElse("no smaller installed model would fit")
                + ", or raise postdevai.memory.budget or postdevai.memory.models";
    }

    /** A size as the rest of the program tells sizes, rounded up. */
    public static String megabytes(long bytes) {
        return (bytes + MB - 1) / MB + " MB";
    }
}
