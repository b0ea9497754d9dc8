package ai.postdev.actors.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.v1.SearchRequest;
import java.io.IOException;
import java.io.NotSerializableException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class KryoSerializerTest {
    private static final long SEED = Long.getLong("postdevai.seed", System.nanoTime());
    private static final ActorTestKit KIT = ActorTestKit.create("wire");
    private static final Serialization SERIALIZATION = SerializationExtension.get(Adapter.toClassic(KIT.system()));
    private static final KryoSerializer SERIALIZER = new KryoSerializer(ActorRefResolver.get(KIT.system()));
    private static final WireCatalogue CATALOGUE = new WireCatalogue();

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void everyWireMessageAndAllItIsMadeOfIsCatalogued() throws Exception {
        Set<Class<?>> needed = new java.util.HashSet<>();
        for (Class<?> type : wireMessages()) {
            Samples.collect(type, needed);
        }
        Set<String> missing = new TreeSet<>();
        for (Class<?> type : needed) {
            if (CATALOGUE.ofType(type).isEmpty()) {
                missing.add(type.getName());
            }
        }
        assertEquals(Set.of(), missing, "add these to WireCatalogue, then to wire-golden.txt");
        assertTrue(needed.size() > 40, "the scan found only " + needed.size() + " classes");
    }

    private static List<Class<?>> wireMessages() throws Exception {
        Path root = Path.of(WireMessage.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<Class<?>> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root.resolve("ai/postdev/actors"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = root.relativize(file).toString();
                if (name.endsWith(".class")) {
                    Class<?> type = Class.forName(
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'));
                    if (WireMessage.class.isAssignableFrom(type)) {
                        found.add(type);
                    }
                }
            }
        }
        return found;
    }

    @Test
    void everyMessageComesBackAsItWas() throws Exception {
        System.out.println("seed " + SEED);
        ActorRef<Object> actor = KIT.spawn(Behaviors.empty(), "receiver");
        Samples samples = Samples.of(SEED, actor);
        for (WireCatalogue.Entry entry : CATALOGUE.entries()) {
            for (int round = 0; round < 20; round++) {
                Object message = samples.of(entry.type());
                Object back = SERIALIZER.fromBinary(SERIALIZER.toBinary(message), SERIALIZER.manifest(message));
                assertTrue(Samples.same(message, back), () -> "seed " + SEED + ": " + message + " became " + back);
            }
        }
    }

    @Test
    void bytesOfThisVersionStayReadable() throws IOException {
        Map<String, String> golden = new TreeMap<>();
        for (String line : Files.readAllLines(resource("wire-golden.txt"))) {
            String[] parts = line.split(" ");
            golden.put(parts[0], parts[1]);
        }
        StringBuilder present = new StringBuilder();
        for (WireCatalogue.Entry entry : CATALOGUE.entries()) {
            Object message =
                    Samples.stable(entry.id(), KIT.system().deadLetters()).of(entry.type());
            String hex = HexFormat.of().formatHex(SERIALIZER.toBinary(message));
            present.append(entry.name()).append(' ').append(hex).append('\n');
        }
        Files.writeString(Files.createDirectories(Path.of("target")).resolve("wire-present.txt"), present);
        for (WireCatalogue.Entry entry : CATALOGUE.entries()) {
            Object message =
                    Samples.stable(entry.id(), KIT.system().deadLetters()).of(entry.type());
            String hex = golden.get(entry.name());
            assertTrue(hex != null, "no golden bytes of " + entry.name() + "; take them from target/wire-present.txt");
            Object read = SERIALIZER.fromBinary(HexFormat.of().parseHex(hex), entry.name());
            assertTrue(Samples.same(message, read), () -> entry.name() + ": expected " + message + ", read " + read);
            assertEquals(hex, HexFormat.of().formatHex(SERIALIZER.toBinary(message)), entry.name());
        }
    }

    private static Path resource(String name) throws IOException {
        try {
            return Path.of(KryoSerializerTest.class.getResource("/" + name).toURI());
        } catch (java.net.URISyntaxException e) {
            throw new IOException(name, e);
        }
    }

    @Test
    void damagedBytesAreRefusedCleanly() {
        System.out.println("seed " + SEED);
        Random random = new Random(SEED);
        Samples samples = Samples.of(SEED, KIT.system().deadLetters());
        for (WireCatalogue.Entry entry : CATALOGUE.entries()) {
            byte[] whole = SERIALIZER.toBinary(samples.of(entry.type()));
            for (int length = 0; length < whole.length; length += whole.length > 200 ? 7 : 1) {
                byte[] cut = java.util.Arrays.copyOf(whole, length);
                boolean proto = entry.name().startsWith("v1.");
                if (proto && length > 0) {
                    assertThrows(NotSerializableException.class, () -> SERIALIZER.fromBinary(cut, entry.name()));
                } else {
                    readsOrRefuses(cut, entry.name());
                }
            }
            for (int round = 0; round < 200; round++) {
                byte[] flipped = whole.clone();
                for (int i = random.nextInt(4); i >= 0 && flipped.length > 0; i--) {
                    flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
                }
                readsOrRefuses(flipped, entry.name());
                byte[] noise = new byte[random.nextInt(64)];
                random.nextBytes(noise);
                readsOrRefuses(noise, entry.name());
            }
        }
    }

    /** Damage can look like another message; then that is read. Anything but that or a refusal fails the test. */
    private static void readsOrRefuses(byte[] bytes, String manifest) {
        try {
            SERIALIZER.fromBinary(bytes, manifest);
        } catch (NotSerializableException refused) {
            assertTrue(refused.getMessage().contains(manifest), refused.getMessage());
        }
    }

    @Test
    void aLengthThatCannotBeIsRefusedBeforeAnythingIsAllocated() {
        // 2^31 - 1 as a variable length, where a text should begin.
        byte[] bytes = {1, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7};
        String message = assertThrows(NotSerializableException.class, () -> SERIALIZER.fromBinary(bytes, "ProjectId"))
                .getMessage();
        assertTrue(message.contains("2147483647 units"), message);
    }

    @Test
    void whatIsNotCataloguedCannotTravel() {
        record Stranger() implements WireMessage {}
        assertTrue(assertThrows(IllegalArgumentException.class, () -> SERIALIZER.toBinary(new Stranger()))
                .getMessage()
                .contains("Stranger"));
        record Inside(Object thing) {}
        assertThrows(
                IllegalArgumentException.class, () -> SERIALIZER.toBinary(new Reply.Answered<>(new Inside(List.of()))));
        assertTrue(assertThrows(NotSerializableException.class, () -> SERIALIZER.fromBinary(new byte[0], "lake.New"))
                .getMessage()
                .contains("lake.New"));
    }

    @Test
    void bytesAfterTheMessageAreRefused() {
        byte[] bytes = SERIALIZER.toBinary(new ProjectId("p"));
        byte[] longer = java.util.Arrays.copyOf(bytes, bytes.length + 1);
        assertThrows(NotSerializableException.class, () -> SERIALIZER.fromBinary(longer, "ProjectId"));
    }

    @Test
    void aMessageTooLargeForAFrameIsRefusedAtTheSender() {
        Reply.Answered<String> large = new Reply.Answered<>("x".repeat(KryoSerializer.MAX_BYTES));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> SERIALIZER.toBinary(large))
                .getMessage()
                .contains("larger"));
    }

    @Test
    void aFileOfFourMebibytesFits() throws Exception {
        byte[] text = "y".repeat(4 << 20).getBytes(StandardCharsets.UTF_8);
        LakeProtocol.Blob blob = new LakeProtocol.Blob(ai.postdev.actors.op.ContentHash.of(text), text);
        LakeProtocol.Blob back = (LakeProtocol.Blob) SERIALIZER.fromBinary(SERIALIZER.toBinary(blob), "lake.Blob");
        assertArrayEquals(text, back.text());
    }

    @Test
    void severalThreadsCanEncodeAtOnce() throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int task = 0; task < 8; task++) {
                Samples samples = Samples.of(SEED + task, KIT.system().deadLetters());
                tasks.add(() -> {
                    for (int i = 0; i < 200; i++) {
                        Object message = samples.of(LakeProtocol.Append.class);
                        if (!Samples.same(
                                message, SERIALIZER.fromBinary(SERIALIZER.toBinary(message), "lake.Append"))) {
                            return false;
                        }
                    }
                    return true;
                });
            }
            for (Future<Boolean> done : pool.invokeAll(tasks)) {
                assertTrue(done.get(), "seed " + SEED);
            }
        }
    }

    @Test
    void pekkoFindsTheSerializerByTheMarkerAndKeepsActorReferencesWhole() throws Exception {
        ActorRef<Reply<ai.postdev.v1.SearchAnswer>> asker = KIT.spawn(Behaviors.empty(), "asker");
        LakeProtocol.Search search = new LakeProtocol.Search(
                SearchRequest.newBuilder().setQuery("retry").build(), asker);
        assertEquals(
                KryoSerializer.class,
                SERIALIZATION.serializerFor(LakeProtocol.Search.class).getClass());
        byte[] bytes = SERIALIZATION.serialize(search).get();
        assertEquals(
                search,
                SERIALIZATION
                        .deserialize(bytes, SERIALIZER.identifier(), "lake.Search")
                        .get());
    }
}
