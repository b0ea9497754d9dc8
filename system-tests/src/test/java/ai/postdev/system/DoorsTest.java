package ai.postdev.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.app.NodeMain;
import ai.postdev.cluster.RunInfo;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.v1.DoctorRequest;
import ai.postdev.v1.ForgetRequest;
import ai.postdev.v1.LakeAnswer;
import ai.postdev.v1.LakeRequest;
import ai.postdev.v1.RememberRequest;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.StatusAnswer;
import ai.postdev.v1.StatusRequest;
import ai.postdev.v1.StopRequest;
import ai.postdev.v1.UpRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doors of a real node: what they leave behind, and whom they let in. */
class DoorsTest {
    @TempDir
    Path dir;

    private NodeProcess node;

    @BeforeEach
    void start() throws IOException {
        node = NodeProcess.start(
                NodeMain.class, dir.resolve("home"), Map.of(), Map.of("POSTDEVAI_EMBEDDER_ENABLED", "false"));
        node.up();
    }

    @AfterEach
    void end() throws InterruptedException {
        node.close();
    }

    private void up(NodeClient client, Path... projects) throws Exception {
        UpRequest.Builder request = UpRequest.newBuilder();
        for (Path project : projects) {
            request.addPaths(project.toString());
        }
        client.up(request.build(), NodeProcess.PATIENCE, _ -> {});
    }

    @Test
    void whatIsForgottenThroughTheDoorIsNowhereInTheHome() throws Exception {
        Needles needles = new Needles();
        for (String needle : List.of("zwetschgenkompott", "klapperstorchnest", "mauersegler_tarif", "Uferschwalbe77")) {
            needles.add(needle, needle);
        }
        Path gone = Files.createDirectories(dir.resolve("gone"));
        Files.writeString(gone.resolve("A.java"), "class Uferschwalbe77 { String a = \"zwetschgenkompott\"; }\n");
        Files.writeString(gone.resolve("klapperstorchnest.txt"), "nothing to see\n");
        Path kept = Files.createDirectories(dir.resolve("kept"));
        Files.writeString(kept.resolve("B.java"), "class B { String kept = \"haselmaus\"; }\n");
        try (NodeClient client = node.client()) {
            up(client, gone, kept);
            client.remember(RememberRequest.newBuilder()
                    .setProject("gone")
                    .setText("the mauersegler_tarif is wrong")
                    .build());
            client.search(SearchRequest.newBuilder()
                    .setQuery("zwetschgenkompott")
                    .setProject("gone")
                    .build());
            client.forget(ForgetRequest.newBuilder().setProject("gone").build());
            SearchRequest haselmaus =
                    SearchRequest.newBuilder().setQuery("haselmaus").build();
            assertEquals(1, client.search(haselmaus).getHitsCount(), "the other project stays");
            client.stop(StopRequest.getDefaultInstance());
        }
        node.exitCode();
        HomeScan scan = new HomeScan(needles);
        scan.scan(node.home().root());
        assertEquals(Map.of(), scan.found());
        assertTrue(scan.bytes() > 10_000, "something was looked at");
    }

    @Test
    void managementTellsMembersAndShardsToWhoHasTheCredentialsOnly() throws Exception {
        Path project = Files.createDirectories(dir.resolve("project"));
        Files.writeString(project.resolve("a.txt"), "quince\n");
        try (NodeClient client = node.client()) {
            up(client, project);
        }
        RunInfo info = node.up();
        String credentials =
                Files.readString(Path.of(info.managementCredentialsFile())).strip();
        for (String path : List.of("/cluster/members", "/cluster/shards/lake")) {
            assertEquals(401, get(info.management() + path, "").statusCode(), path);
            assertEquals(401, get(info.management() + path, credentials + "x").statusCode(), path);
            HttpResponse<String> answer = get(info.management() + path, credentials);
            assertEquals(200, answer.statusCode(), path);
            assertTrue(
                    answer.body().contains(path.endsWith("lake") ? "\"shardId\"" : "\"Up\""),
                    path + ": " + answer.body());
        }
        assertEquals(200, get(info.management() + "/ready", credentials).statusCode());
        assertEquals(200, get(info.management() + "/alive", credentials).statusCode());
    }

    @Test
    void metricsTellWhatStatusAndLakeTell() throws Exception {
        Path project = Files.createDirectories(dir.resolve("say \"hi\""));
        Files.writeString(project.resolve("a.txt"), "quince\n");
        Files.writeString(project.resolve("b.txt"), "medlar\n");
        RunInfo info = node.up();
        try (NodeClient client = node.client()) {
            up(client, project);
            client.search(SearchRequest.newBuilder().setQuery("quince").build());
            String text = get(
                            info.management() + "/metrics",
                            Files.readString(Path.of(info.managementCredentialsFile()))
                                    .strip())
                    .body();
            StatusAnswer status = client.status(StatusRequest.getDefaultInstance());
            LakeAnswer lake = client.lake(LakeRequest.getDefaultInstance());
            assertEquals(2, figure(text, "postdevai_project_files\\{.*name=\"say \\\\\"hi\\\\\"\".*}"), text);
            assertEquals(status.getLake().getOperations(), figure(text, "postdevai_journal_operations"));
            assertEquals(status.getLake().getBlobs(), figure(text, "postdevai_journal_texts"));
            assertEquals(status.getLake().getJournalCommits(), figure(text, "postdevai_journal_commits_total"));
            assertEquals(
                    status.getProjects(0).getWatch().getReadFiles(),
                    figure(text, "postdevai_watch_read_files_total\\{.*}"));
            assertEquals(lake.getBudgetBytes(), figure(text, "postdevai_memory_budget_bytes"));
            assertEquals(
                    lake.getShares(1).getUsedBytes(), figure(text, "postdevai_memory_held_bytes\\{store=\"code\"}"));
            assertEquals(lake.getRamDisk().getCapacityBytes(), figure(text, "postdevai_ram_disk_capacity_bytes"));
            assertEquals(1, figure(text, "postdevai_calls_total\\{call=\"Search\",outcome=\"ok\"}"));
            assertEquals(1, figure(text, "postdevai_call_duration_seconds_count\\{call=\"Search\"}"));
            assertEquals(1, figure(text, "postdevai_memory_drift_state\\{state=\"calm\"}"));
            assertEquals("calm", status.getMemoryDrift().getState());
            assertTrue(
                    client.doctor(DoctorRequest.getDefaultInstance()).getFindingsList().stream()
                            .anyMatch(finding -> finding.getCheck().equals("memory")
                                    && finding.getLevel().equals("ok")),
                    "the doctor looks at memory");
        }
    }

    private static double figure(String text, String series) {
        return text.lines()
                .filter(line -> line.matches(series + " \\S+"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }

    private static HttpResponse<String> get(String url, String credentials) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (!credentials.isEmpty()) {
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void bashCompletesVerbsAndOptionsByTheScript() throws Exception {
        CommandLine script = CommandLine.run(node.home().root(), "completion", "bash");
        assertEquals(0, script.code(), script::toString);
        Path file = dir.resolve("completion.bash");
        Files.writeString(file, script.out());
        assertTrue(completed(file, "se").contains("search"));
        assertTrue(completed(file, "search", "--mo").contains("--mode"));
        assertEquals(List.of(), completed(file, "xyzzy"));
    }

    /** What bash would offer after these words. */
    private List<String> completed(Path script, String... words) throws Exception {
        String run = """
            source "$1"; shift
            COMP_WORDS=(postdevai "$@"); COMP_CWORD=$#; COMP_LINE="postdevai $*"; COMP_POINT=${#COMP_LINE}
            spec=$(complete -p postdevai); spec=${spec#*-F }; ${spec%% *} postdevai "${COMP_WORDS[COMP_CWORD]}" ""
            printf '%s\\n' "${COMPREPLY[@]}"
            """;
        List<String> command = new ArrayList<>(List.of("bash", "-c", run, "bash", script.toString()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), printed);
        return printed.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
