package ai.postdev.dragon.lake.retrieval;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One error that somebody had: a kind and what it was about (the identity: symbols, types, exceptions, modules, the
 * file). It can be printed as often as wanted, each time with other roots, lines, addresses, times and so on.
 *
 * <p>Identity: {@code F} file, {@code B} its name, {@code S1 S2} symbols, {@code T1 T2} types, {@code E1} exception,
 * {@code M1 M2} modules, {@code G} a name with underscores. Everything else in braces is different each time.
 */
record ErrorCase(ErrorKinds.Kind kind, Map<String, String> identity) {
    private static final Pattern HOLE = Pattern.compile("\\{([A-Z]+\\d?)}");
    private static final String[] VERBS = {
        "parse",
        "load",
        "flush",
        "merge",
        "encode",
        "send",
        "resolve",
        "open",
        "close",
        "reserve",
        "render",
        "apply",
        "count",
        "schedule",
        "cancel",
        "sign",
        "verify",
        "split",
        "import",
        "export"
    };
    private static final String[] NOUNS = {
        "Order",
        "Ledger",
        "Invoice",
        "Customer",
        "Route",
        "Cache",
        "Token",
        "Session",
        "Header",
        "Payment",
        "Basket",
        "Report",
        "Parcel",
        "Tariff",
        "Voucher",
        "Refund",
        "Stock",
        "Address",
        "Profile",
        "Quota"
    };
    private static final String[] ENDINGS = {
        "Service", "Store", "Reader", "Writer", "Factory", "Handler", "Client", "View", "Policy", "Queue"
    };
    private static final String[] EXCEPTIONS = {
        "UncheckedIOException", "EOFException", "InvalidClassException", "CharConversionException",
        "StreamCorruptedException", "UTFDataFormatException", "NotSerializableException", "InterruptedIOException"
    };

    /** Somebody's error: what it is about is chosen at random. */
    static ErrorCase of(ErrorKinds.Kind kind, Random random) {
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put("B", pick(NOUNS, random) + pick(ENDINGS, random));
        identity.put("S1", pick(VERBS, random) + pick(NOUNS, random));
        identity.put("S2", pick(VERBS, random) + pick(ENDINGS, random));
        identity.put("T1", pick(NOUNS, random) + pick(NOUNS, random));
        identity.put("T2", pick(NOUNS, random) + pick(ENDINGS, random));
        identity.put("E1", pick(EXCEPTIONS, random));
        identity.put("M1", (pick(NOUNS, random) + "-" + pick(VERBS, random)).toLowerCase(Locale.ROOT));
        identity.put("M2", (pick(NOUNS, random) + pick(ENDINGS, random)).toLowerCase(Locale.ROOT));
        identity.put("G", (pick(VERBS, random) + "_" + pick(NOUNS, random)).toLowerCase(Locale.ROOT));
        return new ErrorCase(kind, identity).withFile();
    }

    private ErrorCase withFile() {
        identity.put(
                "F",
                kind.tool().folder() + "/" + identity.get("M2").charAt(0) + "/" + identity.get("B") + "."
                        + kind.tool().extension());
        return this;
    }

    /** The same but for one thing that the message says, in most cases in the same file: a near duplicate. */
    ErrorCase near(Random random) {
        List<String> said = new ArrayList<>(identityInText());
        said.remove("F");
        said.remove("B");
        ErrorCase other = of(kind, random);
        if (said.isEmpty()) {
            return other;
        }
        Map<String, String> near = new LinkedHashMap<>(identity);
        String changed = said.get(random.nextInt(said.size()));
        while (near.get(changed).equals(other.identity().get(changed))) {
            other = of(kind, random);
        }
        near.put(changed, other.identity().get(changed));
        if (random.nextInt(3) == 0) {
            near.put("B", other.identity().get("B"));
        }
        return new ErrorCase(kind, near).withFile();
    }

    /** What the text says of the identity; two cases that agree in it cannot be told apart. */
    String said() {
        StringBuilder said = new StringBuilder(kind.toString());
        identityInText().forEach(hole -> said.append(' ').append(identity.get(hole)));
        return said.toString();
    }

    private TreeSet<String> identityInText() {
        TreeSet<String> holes = new TreeSet<>();
        Matcher hole = HOLE.matcher(String.join("\n", kind.lines()));
        while (hole.find()) {
            if (identity.containsKey(hole.group(1))) {
                holes.add(hole.group(1));
            }
        }
        return holes;
    }

    String file() {
        return identity.get("F");
    }

    /** What a person would write who mends it, naming what it is about. */
    String remedy(Random random) {
        List<String> said = new ArrayList<>(identityInText());
        said.remove("F");
        String about = identity.get(said.isEmpty() ? "B" : said.get(random.nextInt(said.size())));
        return pick(new String[] {"Mend ", "Bring back ", "Correct the use of ", "Add the missing ", "Set up "}, random)
                + about;
    }

    /** The error and nothing else. */
    String block(Random random) {
        return filled(kind.lines(), random);
    }

    /** What the tool printed in the whole. */
    String output(Random random) {
        List<String> before = new ArrayList<>(kind.tool().before());
        List<String> after = new ArrayList<>(kind.tool().after());
        Collections.shuffle(before, random);
        Collections.shuffle(after, random);
        List<String> lines = new ArrayList<>(before.subList(0, random.nextInt(before.size() + 1)));
        lines.addAll(kind.lines());
        lines.addAll(after.subList(0, random.nextInt(after.size() + 1)));
        return "$ " + filled(List.of(kind.tool().command()), random) + "\n" + filled(lines, random);
    }

    /** As it appears again: cut, coloured, stamped or whole; all that it says of the identity is still there. */
    String again(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> block(random);
            case 1 -> output(random);
            case 2 -> coloured(output(random), random);
            case 3 -> stamped(output(random), random);
            case 4 -> cut(block(random), random);
            default -> cut(coloured(block(random), random), random);
        };
    }

    private static String coloured(String text, Random random) {
        StringBuilder out = new StringBuilder();
        for (String line : text.split("\n", -1)) {
            String colour = "\u001b[" + (random.nextBoolean() ? "1;" : "") + (30 + random.nextInt(8)) + "m";
            int space = line.indexOf(' ', line.length() / 3);
            out.append(out.isEmpty() ? "" : "\n");
            if (space < 0 || random.nextBoolean()) {
                out.append(colour).append(line).append("\u001b[0m");
            } else {
                out.append(colour)
                        .append(line, 0, space)
                        .append("\u001b[m\u001b[K")
                        .append(line.substring(space));
            }
        }
        return out.toString();
    }

    private static String stamped(String text, Random random) {
        StringBuilder out = new StringBuilder();
        for (String line : text.split("\n", -1)) {
            out.append(out.isEmpty() ? "" : "\n")
                    .append(stamp(random))
                    .append(' ')
                    .append(line);
        }
        return out.toString();
    }

    /** Drops lines at the ends, as long as everything that the text says of the identity is still said. */
    private String cut(String text, Random random) {
        List<String> lines = new ArrayList<>(List.of(text.split("\n")));
        for (int i = random.nextInt(3) + 1; i > 0 && lines.size() > 1; i--) {
            boolean first = random.nextBoolean();
            String dropped = first ? lines.removeFirst() : lines.removeLast();
            String left = String.join("\n", lines);
            if (!identityInText().stream().allMatch(hole -> left.contains(identity.get(hole)))) {
                if (first) {
                    lines.addFirst(dropped);
                } else {
                    lines.addLast(dropped);
                }
            }
        }
        return String.join("\n", lines);
    }

    private String filled(List<String> lines, Random random) {
        Map<String, String> once = new LinkedHashMap<>(identity);
        // a run has one root, one temporary folder, one process
        once.put("ROOT", root(random));
        once.put("TMP", "/tmp/" + pick(new String[] {"run-", "tmp.", "build_"}, random) + id(random, 8));
        once.put("PID", "" + (1_000 + random.nextInt(60_000)));
        StringBuilder out = new StringBuilder();
        Matcher hole = HOLE.matcher(String.join("\n", lines));
        while (hole.find()) {
            String name = hole.group(1);
            String value = once.containsKey(name) ? once.get(name) : different(name, random);
            hole.appendReplacement(out, Matcher.quoteReplacement(value));
        }
        return hole.appendTail(out).toString();
    }

    private static String different(String name, Random random) {
        return switch (name) {
            case "L" -> "" + (1 + random.nextInt(900));
            case "C" -> "" + (1 + random.nextInt(90));
            case "N" -> "" + (2 + random.nextInt(300));
            case "D" -> random.nextInt(90) + "." + (100 + random.nextInt(900));
            case "A" -> "0x" + id(random, 8 + random.nextInt(5));
            case "ID" -> id(random, 8);
            case "PORT" -> "" + (1_024 + random.nextInt(60_000));
            case "TS" -> stamp(random);
            case "TH" ->
                pick(new String[] {"pool-", "worker-", "http-nio-8080-exec-"}, random) + (1 + random.nextInt(40));
            case "UUID" ->
                id(random, 8) + "-" + id(random, 4) + "-4" + id(random, 3) + "-9" + id(random, 3) + "-"
                        + id(random, 12);
            default -> throw new IllegalArgumentException("no value for {" + name + "}");
        };
    }

    private static String root(Random random) {
        return pick(new String[] {"/home/ada/code/shop", "/Users/lin/work/shop", "/srv/ci/", "/builds/"}, random)
                + (random.nextBoolean() ? "" : "/wt-" + id(random, 6));
    }

    private static String stamp(Random random) {
        return String.format(
                "20%02d-%02d-%02dT%02d:%02d:%02d.%03dZ",
                20 + random.nextInt(7),
                1 + random.nextInt(12),
                1 + random.nextInt(28),
                random.nextInt(24),
                random.nextInt(60),
                random.nextInt(60),
                random.nextInt(1_000));
    }

    private static String id(Random random, int digits) {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < digits; i++) {
            id.append(Character.forDigit(random.nextInt(16), 16));
        }
        return id.toString();
    }

    static <T> T pick(T[] values, Random random) {
        return values[random.nextInt(values.length)];
    }
}
