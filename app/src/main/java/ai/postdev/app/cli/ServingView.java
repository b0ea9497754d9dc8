package ai.postdev.app.cli;

import ai.postdev.v1.BenchMeasure;
import ai.postdev.v1.BenchModelAnswer;
import ai.postdev.v1.ModelFigures;
import ai.postdev.v1.ModelHistogram;
import ai.postdev.v1.ModelRoomStatus;
import ai.postdev.v1.ServedModel;
import ai.postdev.v1.ServingAnswer;
import ai.postdev.v1.WaitingClass;
import ai.postdev.v1.WhyModelAnswer;
import java.util.ArrayList;
import java.util.List;

/** Models in memory, for people. */
final class ServingView {
    private ServingView() {}

    static void ps(ServingAnswer answer, Terminal terminal) {
        if (answer.getModelsCount() == 0) {
            terminal.out().println("no model is in memory; the first question to one loads it");
        } else {
            Table table = new Table(
                    "name",
                    "engine",
                    "state",
                    ">pid",
                    ">memory",
                    ">weights",
                    ">tokens",
                    ">caches",
                    ">scratch",
                    ">resident",
                    ">reserved",
                    ">busy",
                    ">unused",
                    ">goes in",
                    "");
            for (ServedModel model : answer.getModelsList()) {
                table.row(
                        Words.harmless(model.getName()),
                        model.getEngine(),
                        model.getState(),
                        model.getPid() == 0 ? "" : Long.toString(model.getPid()),
                        bytes(model.getBytes()),
                        bytes(model.getWeightBytes()),
                        bytes(model.getKvBytes()),
                        bytes(model.getCacheBytes()),
                        bytes(model.getScratchBytes()),
                        bytes(model.getResidentBytes()),
                        bytes(model.getReservedBytes()),
                        model.getSequences() == 0 ? "" : model.getRunning() + "/" + model.getSequences(),
                        model.getState().equals("ready") ? Words.duration(model.getIdleMs()) : "",
                        goes(model),
                        model.getPinned() ? "pinned" : "");
            }
            table.print(terminal, "");
            for (ServedModel model : answer.getModelsList()) {
                if (!model.getReason().isEmpty()) {
                    terminal.out().println(terminal.paint(Ink.WARNING, said(model)));
                }
            }
        }
        terminal.err().println(room(answer.getMemory()) + "; " + waiting(answer));
    }

    private static String bytes(long bytes) {
        return bytes == 0 ? "" : Words.bytes(bytes);
    }

    private static String goes(ServedModel model) {
        return model.getState().equals("ready") && !model.getPinned() && model.getRunning() == 0
                ? Words.duration(Math.max(0, model.getTtlMs() - model.getIdleMs()))
                : "";
    }

    private static String said(ServedModel model) {
        String again = "";
        if (model.getState().equals("failed")) {
            again = model.getRetrySeconds() < 0
                    ? "; it is not tried again before its file changes or somebody loads it"
                    : model.getRetrySeconds() == 0
                            ? "; the next question tries it again"
                            : "; it is tried again in " + Words.duration((long) (model.getRetrySeconds() * 1_000));
        }
        return Words.harmless(model.getName() + ": " + model.getReason()) + again;
    }

    /** How memory stands for models, in one line. */
    static String room(ModelRoomStatus memory) {
        String reserved = memory.getReservedBytes() > 0
                ? " (" + Words.bytes(memory.getReservedBytes()) + " of it reserved, not taken yet)"
                : "";
        return "models hold " + Words.bytes(memory.getHeldBytes()) + reserved + ", can have "
                + Words.bytes(memory.getPossibleBytes()) + " of the budget of " + Words.bytes(memory.getBudgetBytes())
                + (memory.getShortBytes() > 0
                        ? ", and the system is short of " + Words.bytes(memory.getShortBytes())
                        : "");
    }

    private static String waiting(ServingAnswer answer) {
        List<String> words = new ArrayList<>();
        for (WaitingClass one : answer.getWaitingList()) {
            if (one.getWaiting() > 0) {
                words.add(one.getWaiting() + " " + one.getWorkClass());
            }
        }
        return answer.getRunning() + " answers under way, waiting: "
                + (words.isEmpty() ? "none" : String.join(", ", words));
    }

    /** A line for each model of a status. */
    static List<String> lines(ServingAnswer answer) {
        List<String> lines = new ArrayList<>();
        for (ServedModel model : answer.getModelsList()) {
            lines.add(Words.harmless(model.getName()) + " (" + model.getEngine() + ") · " + model.getState() + " · "
                    + Words.bytes(model.getBytes()) + " · " + model.getRunning() + " of " + model.getSequences()
                    + " sequences busy" + (model.getPinned() ? " · pinned" : ""));
        }
        for (ModelFigures figures : answer.getFiguresList()) {
            long answers = count(figures.getFirstTokenMs());
            if (answers > 0) {
                lines.add(Words.harmless(figures.getName()) + ": " + Words.number(answers)
                        + " answers, first token after "
                        + Words.duration((long) mean(figures.getFirstTokenMs())) + ", "
                        + Words.tenths(mean(figures.getDecodePerSecond())) + " tokens a second · "
                        + Words.number(figures.getLoads()) + " loads, " + Words.number(figures.getEvictions())
                        + " times it made room, " + trims(figures) + Words.number(figures.getDeaths()) + " deaths, "
                        + Words.number(figures.getFallbacks()) + " fallbacks");
            }
        }
        if (answer.getModelsCount() > 0) {
            lines.add(room(answer.getMemory()));
        }
        return lines;
    }

    private static String trims(ModelFigures figures) {
        return figures.getTrims() == 0
                ? ""
                : Words.number(figures.getTrims()) + " times it gave back of its caches ("
                        + Words.bytes(figures.getTrimmedBytes()) + "), ";
    }

    private static long count(ModelHistogram histogram) {
        return histogram.getCountsList().stream().mapToLong(Long::longValue).sum();
    }

    private static double mean(ModelHistogram histogram) {
        return count(histogram) == 0 ? 0 : histogram.getSum() / count(histogram);
    }

    static void bench(BenchModelAnswer answer, Terminal terminal) {
        Table table = new Table("measure", ">median", ">least", ">most", "", ">rounds", "over");
        for (BenchMeasure measure : answer.getMeasuresList()) {
            table.row(
                    measure.getName(),
                    Words.tenths(measure.getMedian()),
                    Words.tenths(measure.getLeast()),
                    Words.tenths(measure.getMost()),
                    measure.getUnit(),
                    Integer.toString(measure.getRuns()),
                    measure.getOver());
        }
        table.print(terminal, "");
        terminal.err()
                .println(Words.harmless(answer.getName()) + " on " + answer.getEngine() + ", measured for "
                        + Words.duration((long) answer.getTookMs())
                        + (answer.getLoadMs() > 0
                                ? "; it was loaded before, in " + Words.duration((long) answer.getLoadMs())
                                : ""));
    }

    static void why(WhyModelAnswer answer, Terminal terminal) {
        terminal.out()
                .println(Words.harmless(answer.getName()) + ": "
                        + (answer.getLoadable()
                                ? terminal.paint(
                                        Ink.GOOD, answer.getState().equals("ready") ? "loaded" : "can be loaded")
                                : terminal.paint(Ink.BAD, "cannot be loaded")));
        for (String reason : answer.getReasonsList()) {
            terminal.out().println("  " + Words.harmless(reason));
        }
        if (!answer.getProblem().isEmpty()) {
            terminal.out().println("  " + terminal.paint(Ink.WARNING, Words.harmless(answer.getProblem())));
        }
        if (!answer.getAlternative().isEmpty()) {
            terminal.out()
                    .println("  the largest installed model that fits: " + Words.harmless(answer.getAlternative()));
        }
        terminal.out().println("  " + room(answer.getMemory()));
    }
}
