package ai.postdev.dragon.lake.column;

import java.util.Arrays;

/** How the directories of chunks grow. */
final class Directory {
    private Directory() {}

    /** {@code chunks} itself if it has a place {@code at}, else a copy of twice its size that has: chunks stay where they are. */
    static <C> C[] withPlace(C[] chunks, int at) {
        return at == chunks.length ? Arrays.copyOf(chunks, at * 2) : chunks;
    }
}
