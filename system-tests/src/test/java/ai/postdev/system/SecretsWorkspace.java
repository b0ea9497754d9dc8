package ai.postdev.system;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A repository with credentials planted in it, each counted once, and beside them marks that are no secrets: where a
 * mark is found, a credential would have been found too.
 */
final class SecretsWorkspace {
    private static final List<String> NAMES = List.of(
            "Client.java",
            "client.py",
            "client.go",
            "client.ts",
            "client.js",
            "client.rs",
            "client.c",
            "Client.kt",
            "deploy.sh",
            "values.yaml",
            "settings.json",
            "README.md",
            "app.properties",
            "pom.xml",
            "notes.txt");
    private static final List<String> SECRET_NAMES = List.of(
            ".env",
            "server.pem",
            "id_rsa",
            "credentials.json",
            ".npmrc",
            "secrets.yaml",
            "signing.key",
            ".pgpass",
            "prod.tfvars",
            ".netrc");

    private final Path folder;
    private final Random random;
    private final Needles needles;
    private final List<String> planted = new ArrayList<>();
    private int form;

    SecretsWorkspace(Path folder, Random random, Needles needles) {
        this.folder = folder;
        this.random = random;
        this.needles = needles;
    }

    Path folder() {
        return folder;
    }

    /** How many credentials were planted. */
    int count() {
        return planted.size();
    }

    /** Secrets among the planted, each in full. */
    List<String> planted() {
        return planted;
    }

    /** A text of {@code count} credentials with program text between them, and a mark. */
    String text(String place, int count) {
        StringBuilder text = new StringBuilder(mark(place)).append('\n');
        for (int i = 0; i < count; i++) {
            text.append("# ").append(PlainWords.some(random, 6)).append('\n');
            text.append(credential(place).line()).append('\n');
        }
        return text.append(PlainWords.some(random, 6)).append('\n').toString();
    }

    /** A mark that is no secret, for this place. */
    String mark(String place) {
        String mark = "control " + place.replace('-', ' ') + " lighthouse";
        needles.add(mark, "control: " + place);
        return mark;
    }

    private Credential credential(String place) {
        Credential credential = Credential.of(form++ % Credential.FORMS, random);
        String owner = "secret " + (planted.size() + 1) + ", " + credential.form() + ", in " + place;
        credential.pieces().forEach(piece -> needles.add(piece, owner + ": " + credential.line()));
        planted.add(credential.secrets().getFirst());
        return credential;
    }

    void write(String path, String text, Charset charset) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, text.getBytes(charset));
    }

    void plantSources(int files, int inEach) throws IOException {
        for (int i = 0; i < files; i++) {
            String text = text("source", inEach);
            String path = "module" + i / 20 + "/part" + i + "/" + NAMES.get(i % NAMES.size());
            switch (i % 10) {
                case 0 -> write(path, text.replace("\n", "\r\n"), StandardCharsets.UTF_8);
                case 1 -> write(path, "\uFEFF" + text, StandardCharsets.UTF_16LE);
                case 2 -> write(path, "äöü " + text, StandardCharsets.ISO_8859_1);
                case 3 -> write(path, (PlainWords.some(random, 8) + "\n").repeat(3_000) + text, StandardCharsets.UTF_8);
                default -> write(path, text, StandardCharsets.UTF_8);
            }
        }
    }

    void plantSecretFiles(int files, int inEach) throws IOException {
        for (int i = 0; i < files; i++) {
            write(
                    "conf/stage" + i + "/" + SECRET_NAMES.get(i % SECRET_NAMES.size()),
                    text("secret file", inEach),
                    StandardCharsets.UTF_8);
        }
    }

    /** Files and folders whose names hold a credential, as dumps and downloads do. */
    void plantNames(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            String token = Credential.token(random);
            String owner = "secret " + (planted.size() + 1) + ", in a file name: " + token;
            needles.add(token, owner);
            planted.add(token);
            String path = i % 4 == 0 ? "dumps/" + token + "/data" + i + ".txt" : "dumps/export-" + token + ".csv";
            write(path, mark("file with a secret name") + "\n", StandardCharsets.UTF_8);
        }
        write("dumps/" + mark("file name") + ".txt", PlainWords.some(random, 20), StandardCharsets.UTF_8);
    }

    /** Commits what is there, then empty commits with a credential in each message. */
    void commit(int messages) throws Exception {
        git("init", "-q", "-b", "main");
        git("config", "user.name", "Ann");
        git("config", "user.email", "ann@example.org");
        String inRemote = "ghp_" + Credential.of(5, random).secrets().getFirst().substring(4);
        needles.add(inRemote, "secret of the remote's address");
        git("remote", "add", "origin", "https://ann:" + inRemote + "@example.org/project.git");
        git("add", "-A");
        git("commit", "-q", "-m", mark("commit message"));
        for (int i = 0; i < messages; i++) {
            git("commit", "-q", "--allow-empty", "-m", "Rotate " + i + "\n\n" + text("commit-body", 1));
        }
    }

    private void git(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
        command.addAll(List.of(arguments));
        Process git = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (git.waitFor() != 0) {
            throw new IOException(command + ": " + said);
        }
    }
}
