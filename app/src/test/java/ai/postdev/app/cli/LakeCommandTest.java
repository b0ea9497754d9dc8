package ai.postdev.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.developer.client.ClientFault;
import ai.postdev.v1.LakeAnswer;
import ai.postdev.v1.LakeRequest;
import ai.postdev.v1.MemoryDrift;
import ai.postdev.v1.MemoryHolding;
import ai.postdev.v1.MemoryShare;
import ai.postdev.v1.RamDisk;
import ai.postdev.v1.StatusAnswer;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How memory is shown, and how its budget is changed. */
class LakeCommandTest extends CommandFixture {
    private static final LakeAnswer MEMORY = LakeAnswer.newBuilder()
            .setBudgetBytes(2_000_000_000)
            .setResidentBytes(900_000_000)
            .setJavaBytes(300_000_000)
            .setBaseBytes(400_000_000)
            .setAvailableBytes(510_000_000)
            .setRefused(2)
            .setGivenBackBytes(4_194_304)
            .addShares(MemoryShare.newBuilder()
                    .setStore("code")
                    .setPercent(40)
                    .setLimitBytes(640_000_000)
                    .setUsedBytes(500_000_000))
            .addHoldings(MemoryHolding.newBuilder()
                    .setProject("p1")
                    .setName("app")
                    .setPart("texts")
                    .setStore("code")
                    .setBytes(450_000_000))
            .addHoldings(MemoryHolding.newBuilder()
                    .setProject("p1")
                    .setName("app")
                    .setPart("graph")
                    .setStore("metadata")
                    .setBytes(50_000_000))
            .setRamDisk(RamDisk.newBuilder()
                    .setMode("shared")
                    .setFolder("/dev/shm")
                    .setCapacityBytes(8_000_000_000L)
                    .setFreeBytes(7_000_000_000L)
                    .setMappedBytes(450_000_000))
            .build();

    @Test
    void showsMemoryByStoreAndProjectAndChangesTheBudget() throws InvalidProtocolBufferException {
        node.answers("Lake", MEMORY);
        assertEquals(
                Exit.DONE,
                run("lake", "--budget", "1.5GiB", "--shares", "vector=10,code=70,history=10,metadata=10"),
                () -> err);
        assertEquals("""
            memory
              900 MB of 2.0 GB · stores 500 MB of 510 MB · besides 400 MB (Java holds 300 MB)
              full: texts that do not fit are read from disk; make room with --budget SIZE or forget · 4.2 MB given back
              store  share  its own    used
              code    40 %   640 MB  500 MB
            projects
              name   texts  code index  vectors  events    graph  together
              app   450 MB         0 B      0 B     0 B  50.0 MB    500 MB
            RAM disk
              /dev/shm (shared) · 450 MB in use · 7.0 GB of 8.0 GB free
            """, out);
        LakeRequest asked = LakeRequest.parseFrom(node.asked.getFirst().message());
        assertEquals(1_610_612_736L, asked.getBudgetBytes());
        assertEquals(Map.of("vector", 10, "code", 70, "history", 10, "metadata", 10), asked.getSharesMap());
        assertEquals(Exit.USAGE, run("lake", "--budget", "much"));
        assertTrue(err.contains("found 'much'"), err);
        assertEquals(Exit.USAGE, run("lake", "--shares", "code"));
        assertTrue(err.contains("found 'code'"), err);
    }

    @Test
    void memoryThatNobodyAccountsForIsAWarningWhileThereIsAnAlarm() {
        MemoryDrift.Builder drift =
                MemoryDrift.newBuilder().setUnexplainedBytes(700_000_000).setRatio(0.349);
        for (String state : List.of("calm", "rising", "alarm", "falling")) {
            drift.setState(state);
            node.answers("Lake", MEMORY.toBuilder().setDrift(drift).build());
            node.answers(
                    "Status", StatusAnswer.newBuilder().setMemoryDrift(drift).build());
            for (String verb : List.of("lake", "status")) {
                assertEquals(Exit.DONE, run(verb), () -> err);
                assertEquals(
                        state.equals("alarm") || state.equals("falling"),
                        out.contains("  700 MB in RAM that nobody accounts for, 35 % of the budget: something leaks"),
                        verb + " " + state);
            }
        }
    }

    @Test
    void sizesAreReadAsPeopleWriteThem() throws ClientFault {
        assertEquals(800_000_000, ByteSize.parse("800MB"));
        assertEquals(2L << 30, ByteSize.parse(" 2 gib "));
        assertEquals(2L << 30, ByteSize.parse("2g"));
        assertEquals(1_500, ByteSize.parse("1.5kb"));
        assertEquals(77, ByteSize.parse("77"));
        assertEquals(77, ByteSize.parse("77b"));
    }
}
