package ai.postdev.dragon.model.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.protocol.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTest {
    private static final CatalogueSettings SETTINGS = TestCatalogue.settings("none");

    @TempDir
    Path dir;

    private Path models;
    private Path weights;
    private Optional<String> user = Optional.empty();
    private long usable = Long.MAX_VALUE / 2;

    @BeforeEach
    void aFileOfWeights() throws IOException {
        models = dir.resolve("models");
        weights = Files.write(dir.resolve("Some.gguf"), TestGguf.small().bytes());
    }

    private ModelStore open() throws IOException {
        return ModelStore.open(models, SETTINGS, _ -> user, _ -> usable);
    }

    private InstalledModel pull(ModelStore store) throws IOException {
        return puller(store).pull("file:" + weights, PullProgress.NONE, new Cancellation());
    }

    private static Puller puller(ModelStore store) {
        return new Puller(store, TestCatalogue.NONE, SETTINGS, TestCatalogue.NOON);
    }

    private static void refused(Reply.Reason reason, String found, Executable call) {
        CatalogueRefused refused = assertThrows(CatalogueRefused.class, call);
        assertTrue(refused.getMessage().contains(found), refused::getMessage);
        assertEquals(reason, refused.reason(), refused::getMessage);
    }

    private List<String> names(ModelStore store) throws IOException {
        return store.list().stream().map(model -> model.name().value()).toList();
    }

    @Test
    void aModelIsListedFoundVerifiedAndRemoved() throws IOException {
        ModelStore store = open();
        assertEquals(List.of("minilm"), names(store));
        InstalledModel pulled = pull(store);
        assertEquals(List.of("minilm", "some"), names(store));
        assertEquals(pulled, store.find("SOME").orElseThrow());
        assertEquals(pulled, store.ready("some"));
        assertEquals(models.resolve("some/Some.gguf"), pulled.file());
        assertEquals("2026-05-03T12:00:00.007Z", pulled.manifest().pulled().toString());
        assertEquals(List.of(), store.verify("some", PullProgress.NONE, new Cancellation()));
        assertEquals(List.of(), store.findings());
        assertEquals(pulled, open().find("some").orElseThrow(), "another process reads what this one wrote");
        long bytes = Files.size(pulled.file()) + Files.size(models.resolve("some/manifest.json"));
        assertEquals(bytes, store.remove("some"));
        assertEquals(Optional.empty(), store.find("some"));
        assertTrue(Files.exists(weights), "what it came from stays");
        refused(Reply.Reason.NOT_FOUND, "see what is, and what can be pulled", () -> store.ready("some"));
        refused(Reply.Reason.NOT_FOUND, "no model 'some'", () -> store.remove("some"));
        refused(Reply.Reason.INVALID, "'../x' is no name", () -> store.find("../x"));
    }

    @Test
    void whatIsBuiltInIsThereAndStays() throws IOException {
        ModelStore store = open();
        InstalledModel minilm = store.ready("minilm");
        assertTrue(minilm.manifest().builtIn());
        assertEquals(List.of(), store.verify("minilm", PullProgress.NONE, new Cancellation()));
        assertThrows(IllegalStateException.class, minilm::file);
        refused(Reply.Reason.PRECONDITION, "cannot be removed", () -> store.remove("minilm"));
        assertEquals(minilm, puller(store).pull("minilm", PullProgress.NONE, new Cancellation()));
        refused(
                Reply.Reason.PRECONDITION,
                "nothing to pull",
                () -> puller(store)
                        .pull(
                                new PullPlan(
                                        new ModelName("minilm"), new ModelSource.LocalFile(weights), Optional.empty()),
                                PullProgress.NONE,
                                new Cancellation()));
    }

    @Test
    void aModelInUseIsNeitherRemovedNorReplaced() throws IOException {
        ModelStore store = open();
        pull(store);
        user = Optional.of("slot 1 (ready)");
        refused(Reply.Reason.PRECONDITION, "in use by slot 1 (ready); unload it first", () -> store.remove("some"));
        refused(Reply.Reason.PRECONDITION, "in use by slot 1", () -> pull(store));
        assertTrue(store.find("some").isPresent());
        user = Optional.empty();
        assertEquals("some", pull(store).name().value());
        assertTrue(store.remove("some") > 0);
    }

    @Test
    void aDamagedFileIsRefusedAtLoadWithWhatToDo() throws IOException {
        ModelStore store = open();
        Path file = copied(pull(store).file());
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2030-01-01T00:00:00Z")));
        refused(Reply.Reason.PRECONDITION, "has the SHA-256", () -> store.ready("some"));
        refused(Reply.Reason.PRECONDITION, "postdevai models rm some, and pull it again", () -> store.ready("some"));
        assertEquals(
                1, store.verify("some", PullProgress.NONE, new Cancellation()).size());
        Files.write(file, java.util.Arrays.copyOf(bytes, 100));
        refused(Reply.Reason.PRECONDITION, "has 100 bytes, expected", () -> store.ready("some"));
        Files.delete(file);
        refused(Reply.Reason.PRECONDITION, "Some.gguf is missing", () -> store.ready("some"));
        assertEquals("some", pull(store).name().value(), "pulled again it is whole");
        assertEquals("some", store.ready("some").name().value());
    }

    @Test
    void bitsThatRotBehindTheClockAreFoundByVerifyAndIfAskedForAtLoad() throws IOException {
        ModelStore store = open();
        Path file = copied(pull(store).file());
        FileTime before = FileTime.fromMillis(
                store.find("some").orElseThrow().manifest().files().getFirst().modifiedMillis());
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        Files.setLastModifiedTime(file, before);
        assertEquals("some", store.ready("some").name().value());
        assertEquals(
                1, store.verify("some", PullProgress.NONE, new Cancellation()).size());
        CatalogueSettings strict = new CatalogueSettings(
                1 << 20,
                0,
                SETTINGS.partialKeep(),
                true,
                "none",
                SETTINGS.hub(),
                "",
                SETTINGS.connectTimeout(),
                SETTINGS.idleTimeout(),
                1,
                SETTINGS.retryAfterMax(),
                1,
                1);
        ModelStore careful = ModelStore.open(models, strict, UsageProbe.NONE);
        refused(Reply.Reason.PRECONDITION, "has the SHA-256", () -> careful.ready("some"));
    }

    /** A file of its own in place of the link to what the test made. */
    private Path copied(Path file) throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        byte[] bytes = Files.readAllBytes(file);
        Files.delete(file);
        Files.write(file, bytes);
        Files.setLastModifiedTime(file, time);
        return file;
    }

    @Test
    void aDamagedManifestIsSaidAndHidesNoOtherModel() throws IOException {
        ModelStore store = open();
        pull(store);
        Files.createDirectories(models.resolve("empty"));
        Files.createDirectories(models.resolve("torn"));
        Files.writeString(models.resolve("torn/manifest.json"), "{\"type\":");
        Files.createDirectories(models.resolve("other"));
        Files.copy(models.resolve("some/manifest.json"), models.resolve("other/manifest.json"));
        assertEquals(List.of("minilm", "some"), names(store));
        assertEquals(3, store.findings().size(), store.findings()::toString);
        refused(Reply.Reason.PRECONDITION, "models rm torn, and pull it again", () -> store.find("torn"));
        refused(Reply.Reason.PRECONDITION, "is the manifest of 'some'", () -> store.find("other"));
        store.remove("torn");
        store.remove("other");
        store.remove("empty");
        assertEquals(List.of(), store.findings());
    }

    @Test
    void withoutRoomOnTheDiskNothingIsBegun() throws IOException {
        ModelStore store = open();
        long size = Files.size(weights);
        usable = SETTINGS.diskFreeMin() + size - 1;
        refused(Reply.Reason.PRECONDITION, "disk-free-min", () -> store.requireSpace("x", size));
        usable++;
        store.requireSpace("x", size);
        usable = Long.MAX_VALUE / 2;
        refused(
                Reply.Reason.PRECONDITION,
                "bytes-max allows " + SETTINGS.bytesMax(),
                () -> store.requireSpace("x", SETTINGS.bytesMax() + 1));
    }

    @Test
    void twoPullsOfOneNameDoNotMeet() throws IOException {
        ModelStore store = open();
        try (PullRoom room = store.room(new ModelName("some"))) {
            refused(Reply.Reason.OVERLOADED, "is being pulled already", () -> store.room(new ModelName("some")));
            assertTrue(Files.isDirectory(room.folder()));
        }
        pull(store);
        assertEmpty(models.resolve(".pull"));
    }

    @Test
    void whatCannotBeReadIsNotKept() throws IOException {
        ModelStore store = open();
        Files.writeString(weights, "GGUF but not really");
        refused(Reply.Reason.PRECONDITION, "no whole GGUF file", () -> pull(store));
        Files.writeString(weights, "<html>please log in</html>");
        refused(Reply.Reason.PRECONDITION, "does not begin with the letters GGUF", () -> pull(store));
        Files.delete(weights);
        refused(Reply.Reason.NOT_FOUND, "is not there", () -> pull(store));
        assertEquals(List.of("minilm"), names(store));
        assertEmpty(models.resolve(".pull"));
    }

    /** What a process leaves behind that is killed between any two steps of a pull. */
    @Test
    void everyStateThatACrashLeavesIsMadeWholeAtTheNextStart() throws IOException {
        pull(open());
        Path place = models.resolve("some");
        Path room = models.resolve(".pull/some");
        Path old = models.resolve(".trash/some.0");

        Files.move(place, room);
        assertEquals(List.of("minilm", "some"), names(open()), "whole but not yet in its place");

        copyTree(place, room);
        Files.move(place, old);
        assertEquals(List.of("minilm", "some"), names(open()), "its forerunner already gone");
        assertEmpty(models.resolve(".trash"));

        copyTree(place, room);
        Files.writeString(room.resolve("Some.gguf"), "cut");
        assertEquals(List.of("minilm", "some"), names(open()), "a file is not whole");
        assertEquals("some", open().ready("some").name().value(), "the forerunner stays");
        assertEmpty(models.resolve(".pull"));

        copyTree(place, room);
        Files.writeString(room.resolve("manifest.json"), "{");
        open();
        assertEmpty(models.resolve(".pull"));

        Files.createDirectories(room.resolve("pip/wheels"));
        Files.writeString(room.resolve("pip/wheels/x.whl"), "half");
        open();
        assertEmpty(models.resolve(".pull"));

        Files.createDirectories(room);
        Files.writeString(room.resolve("pull.json"), "{}");
        Files.writeString(room.resolve("x.part"), "half");
        open();
        assertTrue(Files.exists(room.resolve("x.part")), "to be gone on from");
        Files.setLastModifiedTime(room.resolve("pull.json"), FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        open();
        assertEmpty(models.resolve(".pull"));
        assertEquals(List.of(), open().findings());
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    private static void assertEmpty(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> left = all.toList();
            assertTrue(left.isEmpty(), left::toString);
        }
    }

    @Test
    void aFolderWithSafetensorsIsOneModel() throws IOException {
        Path folder = Files.createDirectories(dir.resolve("Tiny"));
        java.nio.ByteBuffer bytes = twoNumbers();
        Files.write(folder.resolve("model.safetensors"), bytes.array());
        Files.writeString(
                folder.resolve("config.json"),
                "{\"model_type\":\"llama\",\"num_hidden_layers\":2,\"hidden_size\":64,\"num_attention_heads\":4,"
                        + "\"num_key_value_heads\":2,\"max_position_embeddings\":128,\"vocab_size\":100,"
                        + "\"torch_dtype\":\"bfloat16\"}");
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"chat_template\":\"x\"}");
        Files.writeString(folder.resolve("README.md"), "not needed");
        ModelStore store = open();
        Manifest manifest = puller(store)
                .pull("file:" + folder, PullProgress.NONE, new Cancellation())
                .manifest();
        assertEquals(Manifest.Format.SAFETENSORS, manifest.format());
        assertEquals(new Manifest.Facts("llama", "BF16", 2, 128, 2, 64, 100, true), manifest.facts());
        assertEquals(2 * 2 * 2 * 16 * 2, manifest.memory().kvBytesPerToken());
        assertEquals(
                List.of("model.safetensors", "config.json", "tokenizer_config.json"),
                manifest.files().stream().map(Manifest.StoredFile::name).toList());
        assertFalse(Files.exists(models.resolve("tiny/README.md")));
        Files.write(folder.resolve("model.safetensors"), java.util.Arrays.copyOf(bytes.array(), bytes.capacity() - 1));
        refused(
                Reply.Reason.PRECONDITION,
                "tensor a takes bytes 0 to 8 of 7",
                () -> puller(store).pull("file:" + folder, PullProgress.NONE, new Cancellation()));
        assertEquals("tiny", store.find("tiny").orElseThrow().name().value(), "the one that was there stays");
    }

    private static java.nio.ByteBuffer twoNumbers() {
        byte[] header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}"
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return java.nio.ByteBuffer.allocate(8 + header.length + 8)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header);
    }

    /** Its configuration has the names of GPT-2. */
    @Test
    void anEncoderOfNomicIsKnownByItsOwnNames() throws IOException {
        Path folder = Files.createDirectories(dir.resolve("Nomic"));
        Files.write(folder.resolve("model.safetensors"), twoNumbers().array());
        Files.writeString(
                folder.resolve("config.json"),
                "{\"model_type\":\"nomic_bert\",\"n_layer\":12,\"n_embd\":768,\"n_head\":12,\"n_positions\":8192,"
                        + "\"vocab_size\":30528,\"torch_dtype\":\"float32\"}");
        Manifest manifest = puller(open())
                .pull("file:" + folder, PullProgress.NONE, new Cancellation())
                .manifest();
        assertEquals(Manifest.Kind.EMBEDDING, manifest.kind());
        assertEquals(new Manifest.Facts("nomic_bert", "F32", 2, 8192, 12, 768, 30528, false), manifest.facts());
        assertEquals(0, manifest.memory().kvBytesPerToken());
    }
}
