package ai.postdev.app.cli;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.developer.client.ClientFault;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: {@code 800MB}, {@code 2GiB}, {@code 1.5 g}. */
final class ByteSize {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,3})?)\\s*([kmgt]?)(i?)b?");
    private static final String UNITS = "kmgt";

    private ByteSize() {}

    /** The bytes that {@code text} stands for; a letter alone means the binary unit, as with Java's own options. */
    static long parse(String text) throws ClientFault {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        Matcher matcher = SIZE.matcher(lower);
        if (!matcher.matches()) {
            throw new ClientFault(
                    FaultCode.INVALID_ARGUMENT,
                    "a size is a number and a unit, e.g. 2GiB or 800MB, found '" + text + "'");
        }
        boolean decimal = matcher.group(3).isEmpty() && lower.endsWith("b");
        int power = matcher.group(2).isEmpty() ? 0 : UNITS.indexOf(matcher.group(2)) + 1;
        return (long) (Double.parseDouble(matcher.group(1)) * Math.pow(decimal ? 1000 : 1024, power));
    }
}
