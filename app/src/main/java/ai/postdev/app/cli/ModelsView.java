package ai.postdev.app.cli;

import ai.postdev.v1.ModelFile;
import ai.postdev.v1.ModelInfo;
import ai.postdev.v1.ModelProgress;
import ai.postdev.v1.ModelsAnswer;
import ai.postdev.v1.PullState;
import ai.postdev.v1.VerifyModelAnswer;

/** Models, for people. */
final class ModelsView {
    private static final long PLAIN_EVERY_NANOS = 5_000_000_000L;
    private static final int NAME_WIDTH = 9;

    private ModelsView() {}

    static void list(ModelsAnswer answer, Terminal terminal) {
        Table table = new Table("name", "state", "kind", ">size", ">context", ">memory", "licence");
        for (ModelInfo model : answer.getModelsList()) {
            table.row(
                    Words.harmless(model.getName()),
                    state(model),
                    model.getKind(),
                    model.getBytes() == 0 ? "" : Words.bytes(model.getBytes()),
                    model.getContextTokens() == 0 ? "" : Words.number(model.getContextTokens()),
                    model.getMemory().getBytes() == 0
                            ? ""
                            : Words.bytes(model.getMemory().getBytes()),
                    Words.harmless(model.getLicence()));
        }
        table.print(terminal, "");
        for (String finding : answer.getFindingsList()) {
            terminal.out().println(terminal.paint(Ink.WARNING, Words.harmless(finding)));
        }
        terminal.err()
                .println(Words.bytes(answer.getBytes()) + " on disk, " + Words.bytes(answer.getDiskFreeBytes())
                        + " free; what is known and not here: postdevai models pull NAME");
    }

    private static String state(ModelInfo model) {
        if (model.getState().equals("pulling")) {
            PullState pull = model.getPull();
            return pull.getTotalBytes() > 0
                    ? pull.getPhase() + " " + 100 * pull.getDoneBytes() / pull.getTotalBytes() + " %"
                    : pull.getPhase();
        }
        String used = model.getUsedBy().isEmpty() ? "" : ", in use";
        return model.getState() + (model.getDefault() && model.getState().equals("known") ? " (default)" : "") + used;
    }

    static void show(ModelInfo model, Terminal terminal) {
        terminal.out().println(Words.harmless(model.getName()) + "  " + state(model));
        say("about", model.getSummary(), terminal);
        say("source", model.getSource(), terminal);
        say("revision", model.getRevision(), terminal);
        say("licence", model.getLicence().isEmpty() ? "not stated" : model.getLicence(), terminal);
        say("pulled", model.getPulled().isEmpty() ? "" : Words.time(model.getPulled(), terminal.zone()), terminal);
        say("model", facts(model), terminal);
        say("memory", memory(model), terminal);
        say("used by", model.getUsedBy(), terminal);
        say("file", model.getFile(), terminal);
        for (ModelFile file : model.getFilesList()) {
            say("sha256", file.getSha256() + "  " + file.getName() + ", " + Words.bytes(file.getBytes()), terminal);
        }
    }

    private static void say(String name, String value, Terminal terminal) {
        if (!value.isEmpty()) {
            terminal.out()
                    .println("  " + terminal.paint(Ink.FAINT, Words.padded(name, NAME_WIDTH)) + Words.harmless(value));
        }
    }

    private static String facts(ModelInfo model) {
        if (model.getArchitecture().isEmpty()) {
            return "";
        }
        StringBuilder line = new StringBuilder(model.getKind())
                .append(", ")
                .append(model.getArchitecture())
                .append(", ")
                .append(model.getFormat());
        if (!model.getQuantisation().isEmpty()) {
            line.append(' ').append(model.getQuantisation());
        }
        if (model.getParameters() > 0) {
            line.append(", ")
                    .append(Words.number(model.getParameters() / 1_000_000))
                    .append(" M parameters");
        }
        if (model.getContextTokens() > 0) {
            line.append(", ").append(Words.number(model.getContextTokens())).append(" tokens of context");
        }
        return line.append(model.getChatTemplate() ? ", holds a conversation" : "")
                .toString();
    }

    private static String memory(ModelInfo model) {
        return model.getMemory().getBytes() == 0
                ? ""
                : "about " + Words.bytes(model.getMemory().getBytes()) + " with "
                        + Words.number(model.getMemory().getContextTokens()) + " tokens: weights "
                        + Words.bytes(model.getMemory().getWeightBytes()) + ", "
                        + Words.bytes(model.getMemory().getKvBytesPerToken()) + " for each token, scratch "
                        + Words.bytes(model.getMemory().getOverheadBytes());
    }

    static void pulled(ModelInfo model, Terminal terminal) {
        terminal.out()
                .println(Words.harmless(model.getName()) + " is here: " + Words.bytes(model.getBytes()) + ", licence "
                        + (model.getLicence().isEmpty() ? "not stated" : Words.harmless(model.getLicence())));
    }

    static void verified(VerifyModelAnswer answer, Terminal terminal) {
        terminal.out()
                .println(answer.getName()
                        + (answer.getHealthy() ? " is whole, " : " is damaged, ")
                        + Words.bytes(answer.getBytes()));
        for (String damage : answer.getDamagesList()) {
            terminal.out().println("  " + terminal.paint(Ink.WARNING, Words.harmless(damage)));
        }
        if (!answer.getHealthy()) {
            terminal.err().println("remove it with: postdevai models rm " + answer.getName() + ", and pull it again");
        }
    }

    /** How far a pull or check is, on one line. */
    static String line(ModelProgress progress) {
        StringBuilder line = new StringBuilder(Words.harmless(progress.getName()))
                .append("  ")
                .append(progress.getPhase());
        if (progress.getAhead() > 0) {
            line.append(", ").append(progress.getAhead()).append(" before it");
        }
        if (progress.getTotalBytes() > 0) {
            line.append("  ")
                    .append(Words.bytes(progress.getDoneBytes()))
                    .append(" of ")
                    .append(Words.bytes(progress.getTotalBytes()));
        } else if (progress.getDoneBytes() > 0) {
            line.append("  ").append(Words.bytes(progress.getDoneBytes()));
        }
        if (progress.getBytesPerSecond() > 0) {
            line.append(", ")
                    .append(Words.bytes((long) progress.getBytesPerSecond()))
                    .append("/s");
        }
        if (progress.getSecondsLeft() > 0) {
            line.append(", ")
                    .append(Words.duration((long) (progress.getSecondsLeft() * 1000)))
                    .append(" left");
        }
        return line.toString();
    }

    /**
     * Keeps the last message and shows the others: on a terminal one line that is drawn over, elsewhere a line when the
     * phase changes and every few seconds.
     */
    static final class Line {
        private final Terminal terminal;
        private ModelProgress last = ModelProgress.getDefaultInstance();
        private boolean drawn;
        private long said;

        Line(Terminal terminal) {
            this.terminal = terminal;
        }

        void show(ModelProgress progress) {
            boolean news = !last.getPhase().equals(progress.getPhase());
            last = progress;
            if (progress.getPhase().equals("done")) {
                return;
            }
            if (terminal.live()) {
                terminal.err().print("\r\u001b[K" + Words.cut(line(progress), terminal.width() - 1));
                terminal.err().flush();
                drawn = true;
                return;
            }
            long now = System.nanoTime();
            if (news || now - said > PLAIN_EVERY_NANOS) {
                said = now;
                terminal.err().println(line(progress));
                terminal.err().flush();
            }
        }

        void end() {
            if (drawn) {
                terminal.err().print("\r\u001b[K");
                terminal.err().flush();
            }
        }

        ModelProgress last() {
            return last;
        }
    }
}
