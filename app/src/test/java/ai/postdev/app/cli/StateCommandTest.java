package ai.postdev.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.v1.DoctorAnswer;
import ai.postdev.v1.Finding;
import ai.postdev.v1.ProjectStatus;
import ai.postdev.v1.ProjectsAnswer;
import ai.postdev.v1.SkippedReason;
import ai.postdev.v1.UpProgress;
import org.junit.jupiter.api.Test;

/** What up, projects and doctor tell. */
class StateCommandTest extends CommandFixture {
    @Test
    void projectsAreATable() {
        node.answers(
                "Projects",
                ProjectsAnswer.newBuilder()
                        .addProjects(ProjectStatus.newBuilder()
                                .setId("aaaa1111bbbb2222")
                                .setName("app")
                                .setRoot("/code/app")
                                .setFiles(1234)
                                .setBytes(5_600_000)
                                .setSymbols(99)
                                .setChunks(20)
                                .setEmbedded(3)
                                .setCommits(7)
                                .setState("watching")
                                .setIndexed(true)
                                .setBranch("main")
                                .setCommit("4f2a91c0ffee1")
                                .setSequence(42)
                                .setProblem("permission denied")
                                .setUnranked(1000)
                                .addSkipped(SkippedReason.newBuilder()
                                        .setReason("binary")
                                        .setCount(3)))
                        .build());
        assertEquals(Exit.DONE, run("projects"));
        assertEquals("""
              name  files    size  symbols  chunks  embedded  commits  state     id
              app   1,234  5.6 MB       99      20         3        7  watching  aaaa1111bb

              /code/app  main at 4f2a91c0ff · sequence 42
              permission denied
              not in the index of ranked text yet: 1,000, each search looks through them
              skipped: 3 binary
            """, out);
        node.answers("Projects", ProjectsAnswer.getDefaultInstance());
        assertEquals(Exit.NOTHING, run("projects"));
    }

    @Test
    void doctorEndsWithItsVerdict() {
        node.answers(
                "Doctor",
                DoctorAnswer.newBuilder()
                        .addFindings(Finding.newBuilder()
                                .setLevel("error")
                                .setCheck("journal")
                                .setFound("damaged")
                                .setAdvice("postdevai doctor --repair"))
                        .build());
        assertEquals(Exit.FAILED, run("doctor"));
        assertEquals("""
            error    journal: damaged
                     postdevai doctor --repair
            not healthy
            """, out);
    }

    @Test
    void upFollowsARunningNodeInPlainLines() {
        node.answers(
                "Up",
                UpProgress.newBuilder()
                        .setRoot("/code/app")
                        .setPhase("scanning")
                        .build(),
                UpProgress.newBuilder()
                        .setRoot("/code/app")
                        .setPhase("reading")
                        .setFilesDone(10)
                        .setFilesTotal(1_000)
                        .setBytesDone(2_000_000)
                        .setMegabytesPerSecond(21.44)
                        .setSecondsLeft(90)
                        .setSkipped(2)
                        .build(),
                UpProgress.newBuilder()
                        .setRoot("/code/app")
                        .setPhase("searchable")
                        .setFilesDone(1_000)
                        .setFilesTotal(1_000)
                        .setBytesDone(9_000_000)
                        .build());
        assertEquals(Exit.DONE, run("up", "."));
        assertEquals("""
            app  scanning
            app  reading  10 of 1,000 files, 2.0 MB, 21.4 MB/s, 2 skipped, 1 min 30 s left
            app  searchable  1,000 files, 9.0 MB
            """, err);
        node.refuses("Up", FaultCode.FAILED_PRECONDITION, "the folder is a node's home");
        assertEquals(Exit.REFUSED, run("up", "."));
    }
}
