package ai.postdev.dragon.lake.code;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.dragon.lake.Seeded;
import ai.postdev.dragon.memory.Slab;
import ai.postdev.dragon.memory.Slabs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TextsTest {
    private final Map<ContentHash, byte[]> disk = new ConcurrentHashMap<>();
    private final AtomicInteger diskReads = new AtomicInteger();
    private int numbers;

    /** Hands out ordinary memory and counts it. */
    private static final class Counted implements Slabs {
        private final Slabs slabs;
        private long taken;

        private Counted(long bytesMax) {
            slabs = Slabs.upTo(bytesMax);
        }

        @Override
        public Optional<Slab> take(long bytes) {
            Optional<Slab> slab = slabs.take(bytes);
            taken += slab.map(Slab::bytes).orElse(0L);
            return slab;
        }

        @Override
        public void give(Slab slab) {
            taken -= slab.bytes();
            slabs.give(slab);
        }
    }

    private Optional<byte[]> stored(ContentHash hash) {
        diskReads.incrementAndGet();
        return Optional.ofNullable(disk.get(hash));
    }

    /** A text that tells by each of its bytes which one it is. */
    private Blob store(int bytes) {
        int number = numbers++;
        byte[] text = new byte[bytes];
        new Random(number).nextBytes(text);
        ContentHash hash = ContentHash.of(text, 0, bytes);
        disk.put(hash, text);
        return new Blob(hash, Language.JAVA, bytes, number);
    }

    private byte[] text(Blob blob) {
        return disk.get(blob.hash());
    }

    private static int size(Random random) {
        return switch (random.nextInt(10)) {
            case 0 -> random.nextInt(3);
            case 1 -> 1_000_000 + random.nextInt(3_000_000);
            default -> random.nextInt(40_000);
        };
    }

    @Test
    void whateverIsKeptDroppedAndReadTheTextIsTheTextAndMemoryStaysWithinItsBound() {
        long seed = Long.getLong("postdevai.seed", System.nanoTime());
        System.out.println("texts: -Dpostdevai.seed=" + seed);
        Random random = new Random(seed);
        long bytesMax = 12 << 20;
        Counted memory = new Counted(bytesMax);
        Texts texts = new Texts(this::stored, memory, Long.MAX_VALUE);
        List<Blob> blobs = new ArrayList<>();
        TextBuffer buffer = new TextBuffer();
        long most = 0; // the last step may have given most of it back
        for (int step = 0; step < 3_000; step++) {
            Blob blob = blobs.isEmpty() || random.nextInt(3) == 0
                    ? store(size(random))
                    : blobs.get(random.nextInt(blobs.size()));
            if (blob.number() == blobs.size()) {
                blobs.add(blob);
                texts.keep(blob, text(blob));
            }
            switch (random.nextInt(6)) {
                case 0 -> texts.supersede(blob);
                case 1 -> texts.revive(blob);
                case 2 -> {
                    if (random.nextInt(20) == 0) {
                        long before = memory.taken;
                        long wanted = random.nextInt(8 << 20);
                        long given = texts.evict(wanted);
                        assertEquals(before - memory.taken, given);
                        assertTrue(given >= Math.min(wanted, before), given + " of " + wanted);
                    }
                }
                default -> {
                    assertTrue(texts.read(blob, buffer));
                    assertEquals(blob.size(), buffer.length());
                    assertArrayEquals(text(blob), buffer.copy());
                }
            }
            most = Math.max(most, texts.bytes());
            assertTrue(memory.taken <= bytesMax);
            assertTrue(texts.bytes() <= memory.taken, "texts lie in slabs");
        }
        long inMemory = blobs.stream()
                .filter(blob -> blob.place() != TextSlabs.NOWHERE)
                .mapToLong(Blob::size)
                .sum();
        assertEquals(inMemory, texts.bytes());
        assertTrue(most > bytesMax / 2, "most of the memory was never in use, but only " + most);
        texts.close();
        assertEquals(0, memory.taken);
        assertEquals(0, texts.bytes());
        assertArrayEquals(text(blobs.getFirst()), texts.read(blobs.getFirst()).orElseThrow());
        assertEquals(0, memory.taken, "nothing is kept once closed");
    }

    @Test
    void textsThatNobodyHoldsMakeRoomFirst() {
        Texts texts = new Texts(this::stored, new Counted(4 << 20), Long.MAX_VALUE);
        List<Blob> old = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            Blob blob = store(30_000);
            old.add(blob);
            assertTrue(texts.keep(blob, text(blob)));
            texts.supersede(blob);
        }
        List<Blob> held = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            Blob blob = store(30_000);
            held.add(blob);
            assertTrue(texts.keep(blob, text(blob)), "held text " + i);
        }
        long oldLeft =
                old.stream().filter(blob -> blob.place() != TextSlabs.NOWHERE).count();
        assertTrue(oldLeft < 60, oldLeft + " texts that nobody holds are still there");
        diskReads.set(0);
        held.forEach(blob -> assertArrayEquals(text(blob), texts.read(blob).orElseThrow()));
        assertEquals(0, diskReads.get(), "held texts were moved, not dropped");
    }

    @Test
    void twentyVersionsTakeLittleMoreThanOne() {
        Random random = Seeded.random("twentyVersionsTakeLittleMoreThanOne");
        Counted memory = new Counted(1L << 30);
        Texts texts = new Texts(this::stored, memory, 1L << 30);
        List<Blob> held = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            held.add(store(1_000 + random.nextInt(20_000)));
            assertTrue(texts.keep(held.getLast(), text(held.getLast())));
        }
        long one = memory.taken;
        for (int version = 1; version < 20; version++) {
            for (int change = 0; change < 300; change++) {
                // Some files change again and again, as they do.
                int file = random.nextInt(1 + random.nextInt(held.size()));
                texts.supersede(held.get(file));
                held.set(file, store(1_000 + random.nextInt(20_000)));
                assertTrue(texts.keep(held.get(file), text(held.get(file))));
            }
        }
        // About 1.3, by the seed a little more (1.315 was seen): whole slabs are counted, the last rarely full.
        assertTrue(memory.taken <= 1.35 * one, memory.taken + " bytes after " + one);
        for (Blob blob : held) {
            assertArrayEquals(text(blob), texts.read(blob).orElseThrow());
        }
        assertEquals(0, diskReads.get(), "what is held stayed in memory");
    }

    @Test
    void aTextOfAnotherSizeThanItsBlobSaysIsReadButNotKept() {
        Texts texts = new Texts(this::stored, Slabs.upTo(1 << 20), Long.MAX_VALUE);
        Blob right = store(100);
        Blob wrong = new Blob(right.hash(), Language.JAVA, 1_000, 1);
        assertFalse(texts.keep(wrong, text(right)));
        assertArrayEquals(text(right), texts.read(wrong).orElseThrow());
        assertEquals(TextSlabs.NOWHERE, wrong.place());
        assertTrue(texts.read(new Blob(ContentHash.of(new byte[] {1}, 0, 1), Language.JAVA, 1, 2))
                .isEmpty());
    }

    /** Between finding a text's place and copying it, other texts are moved to that place: once in each step. */
    @Test
    void aReaderWhoseTextIsMovedAwayCopiesAgain() {
        Texts texts = new Texts(this::stored, Slabs.upTo(64 << 10), Long.MAX_VALUE);
        List<Blob> blobs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            blobs.add(store(20_000));
            assertTrue(texts.keep(blobs.getLast(), text(blobs.getLast())));
        }
        texts.supersede(blobs.getFirst());
        Blob last = blobs.getLast();
        long place = last.place();
        Blob next = store(20_000);
        TextBuffer meddling = new TextBuffer() {
            @Override
            byte[] reserve(int bytes) {
                texts.keep(next, text(next));
                return super.reserve(bytes);
            }
        };
        assertTrue(texts.read(last, meddling));
        assertEquals(place, next.place(), "the new text is where the other was");
        assertArrayEquals(text(last), meddling.copy());
        assertEquals(0, diskReads.get());
    }

    /** Readers copy while memory goes and comes back with other texts: they get the text or go to the disk. */
    @Test
    void readersNeverGetAnotherText() throws Exception {
        long seed = Long.getLong("postdevai.seed", System.nanoTime());
        System.out.println("texts: -Dpostdevai.seed=" + seed);
        Texts texts = new Texts(this::stored, Slabs.upTo(2 << 20), Long.MAX_VALUE);
        List<Blob> blobs = new ArrayList<>();
        Random sizes = new Random(seed);
        for (int i = 0; i < 200; i++) {
            blobs.add(store(1 + sizes.nextInt(60_000)));
        }
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicBoolean done = new AtomicBoolean();
        List<Thread> readers = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            Random random = new Random(seed + t);
            readers.add(Thread.ofPlatform().start(() -> {
                TextBuffer buffer = new TextBuffer();
                try {
                    while (!done.get()) {
                        Blob blob = blobs.get(random.nextInt(blobs.size()));
                        assertTrue(texts.read(blob, buffer));
                        assertArrayEquals(text(blob), buffer.copy());
                    }
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                }
            }));
        }
        Random random = new Random(seed - 1);
        for (int step = 0; step < 3_000 && failure.get() == null; step++) {
            Blob blob = blobs.get(random.nextInt(blobs.size()));
            switch (random.nextInt(4)) {
                case 0 -> texts.evict(random.nextInt(1 << 20));
                case 1 -> texts.supersede(blob);
                case 2 -> texts.revive(blob);
                default -> texts.keep(blob, text(blob));
            }
        }
        done.set(true);
        for (Thread reader : readers) {
            reader.join();
        }
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
    }
}
