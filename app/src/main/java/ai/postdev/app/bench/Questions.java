package ai.postdev.app.bench;

import ai.postdev.cluster.RunInfo;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.v1.PostDevAiClient;
import ai.postdev.v1.SearchRequest;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.grpc.GrpcClientSettings;

/** Asks questions made of the words of a tree, once to warm up and then timed. */
final class Questions {
    private static final int ROUNDS = 10;
    /** The platform compiles for some hundred questions, in the node and, for gRPC, here. */
    private static final int WARMING_ROUNDS = 15;

    private static final long SEED = 20261125L;
    private static final long ANSWER_SECONDS_MAX = 30;
    private static final Pattern WORD = Pattern.compile("[A-Za-z_]{4,24}");

    private Questions() {}

    /** {@code count} questions of one to four words, drawn from files of the tree; the same for the same tree. */
    static List<SearchRequest> of(Path tree, int count) throws IOException {
        Random random = new Random(SEED);
        List<Path> files;
        try (Stream<Path> walk = Files.walk(tree)) {
            files = walk.filter(file ->
                            Files.isRegularFile(file) && !file.toString().contains("/.git/"))
                    .sorted()
                    .toList();
        }
        List<SearchRequest> questions = new ArrayList<>();
        for (int tries = 0; questions.size() < count && tries < 100 * count; tries++) {
            Path file = files.get(random.nextInt(files.size()));
            if (Files.size(file) > 1 << 20) {
                continue;
            }
            List<String> words = new ArrayList<>();
            Matcher matcher = WORD.matcher(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            while (matcher.find()) {
                words.add(matcher.group());
            }
            if (words.size() > 100) {
                List<String> chosen = new ArrayList<>();
                for (int i = 1 + random.nextInt(4); i > 0; i--) {
                    chosen.add(words.get(random.nextInt(words.size())));
                }
                questions.add(SearchRequest.newBuilder()
                        .setQuery(String.join(" ", chosen))
                        .setProject(tree.toString())
                        .build());
            }
        }
        if (questions.isEmpty()) {
            throw new IllegalStateException("no file of " + tree + " has enough words for a question");
        }
        return questions;
    }

    static Latencies overSocket(NodeClient client, List<SearchRequest> questions) throws ClientFault {
        Latencies latencies = new Latencies();
        for (int round = -WARMING_ROUNDS; round < ROUNDS; round++) {
            for (SearchRequest question : questions) {
                long start = System.nanoTime();
                client.search(question);
                if (round >= 0) {
                    latencies.add(System.nanoTime() - start);
                }
            }
        }
        return latencies;
    }

    static Latencies overGrpc(RunInfo info, List<SearchRequest> questions) throws IOException, InterruptedException {
        String token = Files.readString(Path.of(info.apiKeyFile())).strip();
        String[] address = info.grpc().split(":");
        // This process is no node of a cluster, whatever the class path configures.
        Config plain = ConfigFactory.parseString("pekko.actor.provider = local, pekko.loglevel = OFF")
                .withFallback(ConfigFactory.load());
        ActorSystem system = ActorSystem.create("bench", plain);
        try {
            PostDevAiClient client = PostDevAiClient.create(
                    GrpcClientSettings.connectToServiceAt(address[0], Integer.parseInt(address[1]), system)
                            .withTls(false),
                    system);
            Latencies latencies = new Latencies();
            for (int round = -WARMING_ROUNDS; round < ROUNDS; round++) {
                for (SearchRequest question : questions) {
                    long start = System.nanoTime();
                    client.search()
                            .addHeader("authorization", "Bearer " + token)
                            .invoke(question)
                            .toCompletableFuture()
                            .get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
                    if (round >= 0) {
                        latencies.add(System.nanoTime() - start);
                    }
                }
            }
            client.close().toCompletableFuture().get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
            return latencies;
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("a question over gRPC failed: " + e, e);
        } finally {
            system.terminate();
        }
    }
}
