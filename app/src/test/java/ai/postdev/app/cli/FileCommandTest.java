package ai.postdev.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.v1.DiffAnswer;
import ai.postdev.v1.Event;
import ai.postdev.v1.FileVersion;
import ai.postdev.v1.ShowAnswer;
import ai.postdev.v1.ShowRequest;
import ai.postdev.v1.TimelineAnswer;
import ai.postdev.v1.VersionsAnswer;
import org.junit.jupiter.api.Test;

/** A file now and then, and what happened to it. */
class FileCommandTest extends CommandFixture {
    @Test
    void showMeansFromHereFirst() throws Exception {
        node.refuses("Show", FaultCode.NOT_FOUND, "lies in no remembered project");
        assertEquals(Exit.NOTHING, run("show", "src/A.java"));
        assertEquals(2, node.asked.size());
        assertEquals(
                folder.resolve("src/A.java").toString(),
                ShowRequest.parseFrom(node.asked.get(0).message()).getPath());
        assertEquals(
                "src/A.java", ShowRequest.parseFrom(node.asked.get(1).message()).getPath());
        node.answers("Show", ShowAnswer.newBuilder().setText("one\n\u001btwo").build());
        run("show", "src/A.java");
        assertEquals("one\n\u001btwo", out, "a pipe gets the file as it is");
        run("", true, "show", "src/A.java");
        assertEquals("one\n\ufffdtwo\n", out, "a terminal is protected");
    }

    @Test
    void timelineIsOneEventALine() {
        node.answers(
                "Timeline",
                TimelineAnswer.newBuilder()
                        .setComplete(true)
                        .addEvents(Event.newBuilder()
                                .setTime("2026-05-03T15:00:00Z")
                                .setKind("note")
                                .setText("first\nsecond"))
                        .build());
        assertEquals(Exit.DONE, run("timeline", "--since", "2h"));
        assertEquals("2026-05-03 15:00  note        first\n    second\n", out);
    }

    @Test
    void aDiffGoesToAPipeAsItIs() {
        String diff = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\r\n+b\n";
        node.answers(
                "Diff",
                DiffAnswer.newBuilder()
                        .setChange("modified")
                        .setPath("x")
                        .setDiff(diff)
                        .build());
        assertEquals(Exit.DONE, run("diff", "/code/x", "--from", "HEAD~1"));
        assertEquals(diff, out);
        node.answers(
                "Diff", DiffAnswer.newBuilder().setChange("none").setPath("x").build());
        assertEquals(Exit.NOTHING, run("diff", "/code/x", "--from", "HEAD~1"));
        assertEquals("", out);
        assertTrue(err.startsWith("no difference in x"), err);
    }

    @Test
    void versionsAreOneALine() {
        node.answers(
                "Versions",
                VersionsAnswer.newBuilder()
                        .setComplete(true)
                        .addVersions(FileVersion.newBuilder()
                                .setTime("2026-05-03T15:00:00Z")
                                .setSequence(7)
                                .setCommit("4f2a91c0ffee1")
                                .setBytes(1200)
                                .setAdded(3)
                                .setRemoved(1)
                                .setSource("lake"))
                        .addVersions(FileVersion.newBuilder()
                                .setTime("2026-05-01T15:00:00Z")
                                .setCommit("c0ffee1234567")
                                .setText("Begin")
                                .setSource("git"))
                        .build());
        assertEquals(Exit.DONE, run("timeline", "--versions", "--path", "/code/x"));
        assertEquals("""
            2026-05-03 15:00  sequence 7    4f2a91c0ff    1.2 kB  +3 −1
            2026-05-01 15:00  git           c0ffee1234  Begin
            """, out);
        assertEquals(Exit.USAGE, run("timeline", "--versions"));
        assertEquals(Exit.USAGE, run("timeline", "--versions", "--path", "x", "--kind", "commit"));
    }
}
