package ai.postdev.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.v1.BenchMeasure;
import ai.postdev.v1.BenchModelAnswer;
import ai.postdev.v1.BenchModelRequest;
import ai.postdev.v1.LoadModelRequest;
import ai.postdev.v1.ModelRoomStatus;
import ai.postdev.v1.PinModelAnswer;
import ai.postdev.v1.PinModelRequest;
import ai.postdev.v1.ServedModel;
import ai.postdev.v1.ServingAnswer;
import ai.postdev.v1.UnloadModelAnswer;
import ai.postdev.v1.WaitingClass;
import ai.postdev.v1.WhyModelAnswer;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServingCommandTest extends CommandFixture {
    private static final ServedModel MODEL = ServedModel.newBuilder()
            .setName("smollm2-135m")
            .setEngine("llama.cpp")
            .setState("ready")
            .setPid(4_711)
            .setWeightBytes(97_000_000)
            .setKvBytes(189_000_000)
            .setScratchBytes(60_000_000)
            .setBytes(346_000_000)
            .setResidentBytes(345_000_000)
            .setSequences(2)
            .setIdleMs(60_000)
            .setTtlMs(1_800_000)
            .build();

    private static final ServingAnswer TWO = ServingAnswer.newBuilder()
            .addModels(ServedModel.newBuilder()
                    .setName("broken")
                    .setEngine("llama.cpp")
                    .setState("failed")
                    .setReason("it is cut")
                    .setRetrySeconds(-1))
            .addModels(MODEL)
            .addWaiting(WaitingClass.newBuilder().setWorkClass("batch").setWaiting(3))
            .setRunning(1)
            .setMemory(ModelRoomStatus.newBuilder()
                    .setBudgetBytes(2_000_000_000)
                    .setHeldBytes(346_000_000)
                    .setPossibleBytes(900_000_000))
            .build();

    @Test
    void modelsInMemoryAreATable() {
        node.answers("Serving", TWO);
        assertEquals(Exit.DONE, run("models", "ps"));
        assertTrue(out.contains("smollm2-135m  llama.cpp  ready   4711  346 MB  97.0 MB  189 MB"), out);
        assertTrue(out.contains("0/2") && out.contains("345 MB"), out);
        assertTrue(out.contains("broken: it is cut; it is not tried again before"), out);
        assertEquals(
                "models hold 346 MB, can have 900 MB of the budget of 2.0 GB; 1 answers under way, waiting: 3 batch\n",
                err);
        assertEquals(Exit.DONE, run("models", "ps", "--json"));
        assertTrue(out.startsWith("{\"models\":[{\"name\":\"broken\""), out);
        node.answers("Serving", ServingAnswer.getDefaultInstance());
        assertEquals(Exit.NOTHING, run("models", "ps"));
    }

    @Test
    void whatIsReservedIsToldApartFromWhatIsTaken() {
        node.answers(
                "Serving",
                ServingAnswer.newBuilder()
                        .addModels(
                                MODEL.toBuilder().setResidentBytes(211_000_000).setReservedBytes(135_000_000))
                        .setMemory(TWO.getMemory().toBuilder().setReservedBytes(135_000_000))
                        .build());
        assertEquals(Exit.DONE, run("models", "ps"));
        assertTrue(out.contains("resident  reserved") && out.contains("211 MB    135 MB"), out);
        assertTrue(
                err.startsWith("models hold 346 MB (135 MB of it reserved, not taken yet), can have 900 MB of"), err);
    }

    @Test
    void modelsAreLoadedUnloadedAndPinned() throws InvalidProtocolBufferException {
        node.answers("LoadModel", MODEL);
        assertEquals(Exit.DONE, run("models", "load", "smollm2-135m", "--ttl", "8h"));
        assertTrue(out.startsWith("smollm2-135m is loaded on llama.cpp: 346 MB, pid 4711"), out);
        LoadModelRequest load = LoadModelRequest.parseFrom(node.asked.getLast().message());
        assertEquals(28_800, load.getTtlSeconds());
        node.refuses("LoadModel", FaultCode.FAILED_PRECONDITION, "x takes up to 9 MiB");
        assertEquals(Exit.REFUSED, run("models", "load", "x"));
        assertEquals("postdevai: x takes up to 9 MiB\n", err);
        node.answers(
                "UnloadModel",
                UnloadModelAnswer.newBuilder().setName("m").setBytes(1_000_000).build());
        assertEquals(Exit.DONE, run("models", "unload", "m"));
        assertEquals("m is unloaded: 1.0 MB came back\n", out);
        node.answers(
                "PinModel",
                PinModelAnswer.newBuilder().setName("m").setPinned(true).build());
        assertEquals(Exit.DONE, run("models", "pin", "m"));
        assertTrue(out.contains("as soon as it is loaded"), out);
        node.answers("PinModel", PinModelAnswer.newBuilder().setName("m").build());
        assertEquals(Exit.DONE, run("models", "unpin", "m"));
        assertEquals("m is not pinned any more\n", out);
        assertTrue(PinModelRequest.parseFrom(node.asked.getLast().message()).getUnpin());
    }

    @Test
    void whyIsToldWithWhatToDo() {
        node.answers(
                "WhyModel",
                WhyModelAnswer.newBuilder()
                        .setName("m")
                        .setLoadable(true)
                        .addReasons("engine: llama.cpp")
                        .build());
        assertEquals(Exit.DONE, run("models", "why"));
        assertTrue(out.startsWith("m: can be loaded\n  engine: llama.cpp\n"), out);
        node.answers(
                "WhyModel",
                WhyModelAnswer.newBuilder()
                        .setName("big")
                        .setProblem("big takes up to 9 GiB")
                        .setAlternative("m")
                        .build());
        assertEquals(Exit.REFUSED, run("models", "why", "big"));
        assertTrue(out.startsWith("big: cannot be loaded\n  big takes up to 9 GiB\n"), out);
        assertTrue(out.contains("the largest installed model that fits: m\n"), out);
    }

    @Test
    void aBenchIsATable() throws Exception {
        node.answers(
                "BenchModel",
                BenchModelAnswer.newBuilder()
                        .setName("m")
                        .setEngine("mlx")
                        .setKind("text")
                        .setLoadMs(1_500)
                        .setTookMs(9_000)
                        .addMeasures(BenchMeasure.newBuilder()
                                .setName("prefill")
                                .setUnit("tokens/s")
                                .setMedian(250.25)
                                .setLeast(240)
                                .setMost(260)
                                .setRuns(3)
                                .setOver("a prompt"))
                        .build());
        assertEquals(Exit.DONE, run("models", "bench", "m"));
        assertTrue(out.matches("(?s)measure +median .*\nprefill +250.3 +240.0 +260.0 +tokens/s +3 +a prompt\n"), out);
        assertTrue(err.contains("m on mlx") && err.contains("loaded before"), err);
        assertEquals(
                "m", BenchModelRequest.parseFrom(node.asked.getLast().message()).getName());
        assertEquals(Exit.DONE, run("models", "bench", "m", "--seconds", "7", "--json"));
        assertEquals(
                7, BenchModelRequest.parseFrom(node.asked.getLast().message()).getSeconds());
        assertTrue(out.contains("\"median\":250.25"), out);
    }

    @Test
    void wrongUseIsExplained() {
        for (List<String> wrong : List.of(
                List.of("models", "ps", "m"),
                List.of("models", "load"),
                List.of("models", "load", "m", "--ttl", "soon"),
                List.of("models", "load", "m", "--ttl", "0s"),
                List.of("models", "unload"),
                List.of("models", "pin"),
                List.of("models", "pin", "m", "--ttl", "1h"),
                List.of("models", "bench", "m", "--seconds", "0"),
                List.of("models", "load", "m", "--seconds", "3"))) {
            assertEquals(Exit.USAGE, run(wrong.toArray(String[]::new)), wrong + ": " + err);
        }
        assertTrue(node.asked.isEmpty(), "nothing wrong may reach the node: " + node.asked);
    }
}
