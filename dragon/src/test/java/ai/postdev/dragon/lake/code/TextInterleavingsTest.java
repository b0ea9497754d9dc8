package ai.postdev.dragon.lake.code;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.dragon.Interleavings;
import ai.postdev.dragon.memory.Slabs;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** Whatever is kept, dropped, moved or given back meanwhile: who reads a text gets that text. */
class TextInterleavingsTest {
    @Test
    void textsBesideWhoMovesThem() {
        Interleavings.stress(Moving.class);
    }

    /** Six texts in slabs that have room for four. */
    @Param(name = "text", gen = IntGen.class, conf = "0:5")
    public static class Moving {
        private static final int TEXTS = 6;
        private static final int BYTES = 15_000;
        private static final byte[][] CONTENTS = new byte[TEXTS][BYTES];
        private static final Map<ContentHash, byte[]> STORED;

        static {
            Random random = new Random(1);
            for (byte[] content : CONTENTS) {
                random.nextBytes(content);
            }
            STORED = Arrays.stream(CONTENTS)
                    .collect(Collectors.toMap(content -> ContentHash.of(content, 0, BYTES), Function.identity()));
        }

        private final Texts texts =
                new Texts(hash -> Optional.ofNullable(STORED.get(hash)), Slabs.upTo(64 << 10), 64 << 10);
        private final Blob[] blobs = IntStream.range(0, TEXTS)
                .mapToObj(i -> new Blob(ContentHash.of(CONTENTS[i], 0, BYTES), Language.JAVA, BYTES, i))
                .toArray(Blob[]::new);

        @Operation
        public boolean read(@Param(name = "text") int text) {
            return Arrays.equals(CONTENTS[text], texts.read(blobs[text]).orElseThrow());
        }

        @Operation
        public void supersede(@Param(name = "text") int text) {
            texts.supersede(blobs[text]);
        }

        @Operation
        public void revive(@Param(name = "text") int text) {
            texts.revive(blobs[text]);
        }

        @Operation
        public void evict() {
            texts.evict(1);
        }
    }
}
