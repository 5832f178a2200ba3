"""“Harbour & Lamp”, a blog that was kept for years: everything WordPress can hold that has to come along, or must not."""

from io import BytesIO
from typing import Any

from PIL import Image

from drills.wordpress import Record, WordPress

TITLE = "Harbour & Lamp"
OPTIONS = {
    "timezone_string": "Europe/Lisbon",
    "gmt_offset": "",
    "permalink_structure": "/%year%/%monthnum%/%postname%/",
    "thread_comments_depth": "10",
    "comment_previously_approved": "0",
}
SECRET = "nobody shall read this"
DELETED = "Soon deleted for good."

CLASSIC = """The boats came in late.
Nobody had lit the lamp &amp; nobody said so.

<!--more-->

[caption id="attachment_{picture}" align="aligncenter" width="300"]<img src="{medium}" alt="The pier at low tide" \
width="300" height="169" class="size-medium wp-image-{picture}" /> Low tide, <em>1931</em>[/caption]

<blockquote>It was never meant to be a museum.

— Ana</blockquote>
<ul>
<li>salt</li>
<li>rope</li>
</ul>
<h1>What it cost</h1>
<pre>lamp  12
 oil   7</pre>
One more line, 5 &lt; 6, and a <a href="https://logs.example/1912?a=1&amp;b=2">log</a>.

[gallery ids="{picture},{other}"]

https://www.youtube.com/watch?v=dQw4w9WgXcQ
<table><tbody><tr><td>oil</td><td>7</td></tr></tbody></table>
"""
BLOCKS = """<!-- wp:paragraph -->
<p>A first block,<br>with a break &amp; an <strong>accent</strong>: café.</p>
<!-- /wp:paragraph -->

<!-- wp:heading -->
<h2>Down at the pier</h2>
<!-- /wp:heading -->

<!-- wp:image {{"id":{picture},"sizeSlug":"large","linkDestination":"media"}} -->
<figure class="wp-block-image size-large"><a href="{full}"><img src="{large}" alt="The pier" class="wp-image-{picture}"/></a>\
<figcaption>The pier, later</figcaption></figure>
<!-- /wp:image -->

<!-- wp:gallery {{"linkTo":"none"}} -->
<figure class="wp-block-gallery has-nested-images columns-default is-cropped"><!-- wp:image {{"id":{other}}} -->
<figure class="wp-block-image size-large"><img src="{other_full}" alt="The lamp" class="wp-image-{other}"/></figure>
<!-- /wp:image --></figure>
<!-- /wp:gallery -->

<!-- wp:quote -->
<blockquote class="wp-block-quote"><!-- wp:paragraph -->
<p>Somebody has to.</p>
<!-- /wp:paragraph --><cite>Rui, 2019</cite></blockquote>
<!-- /wp:quote -->

<!-- wp:list {{"ordered":true}} -->
<ol><!-- wp:list-item -->
<li>one</li>
<!-- /wp:list-item -->

<!-- wp:list-item -->
<li>two</li>
<!-- /wp:list-item --></ol>
<!-- /wp:list -->

<!-- wp:embed {{"url":"https://vimeo.com/76979871","type":"video","providerNameSlug":"vimeo"}} -->
<figure class="wp-block-embed is-type-video is-provider-vimeo"><div class="wp-block-embed__wrapper">
https://vimeo.com/76979871
</div><figcaption>The film</figcaption></figure>
<!-- /wp:embed -->

<!-- wp:code -->
<pre class="wp-block-code"><code>if (a &lt; b) {{
    return;
}}</code></pre>
<!-- /wp:code -->

<!-- wp:columns -->
<div class="wp-block-columns"><!-- wp:column -->
<div class="wp-block-column"><!-- wp:paragraph -->
<p>Left.</p>
<!-- /wp:paragraph --></div>
<!-- /wp:column -->

<!-- wp:column -->
<div class="wp-block-column"><!-- wp:paragraph -->
<p>Right.</p>
<!-- /wp:paragraph --></div>
<!-- /wp:column --></div>
<!-- /wp:columns -->

<!-- wp:separator -->
<hr class="wp-block-separator has-alpha-channel-opacity"/>
<!-- /wp:separator -->

<!-- wp:table -->
<figure class="wp-block-table"><table><tbody><tr><td>oil</td><td>7</td></tr></tbody></table><figcaption>Costs</figcaption></figure>
<!-- /wp:table -->

<!-- wp:verse -->
<pre class="wp-block-verse">The lamp
    and the sea</pre>
<!-- /wp:verse -->

<!-- wp:buttons -->
<div class="wp-block-buttons"><!-- wp:button -->
<div class="wp-block-button"><a class="wp-block-button__link wp-element-button" href="https://tickets.example/">Tickets</a></div>
<!-- /wp:button --></div>
<!-- /wp:buttons -->

<!-- wp:shortcode -->
[caption width="300"]<img src="{medium}" alt="Again" /> Once more[/caption]
<!-- /wp:shortcode -->
"""


def keep(blog: WordPress) -> None:
    """Keep the blog for years."""
    blog.set_options(**OPTIONS)
    rui = blog.make(
        "users",
        username="rui",
        name="Rui & Filhos",
        email="rui@there.example",
        password="it-is-only-a-drill",
        roles=["author"],
    )
    sea = blog.make("categories", name="Sea & Salt")
    fish = blog.make("tags", name="Fish")
    pier = blog.upload("pier at low tide.png", picture("#236"), alt="The pier", caption="At low tide")
    lamp = blog.upload("lamp.png", picture("#ec6"), alt="The lamp")
    here = {
        "picture": pier["id"],
        "full": pier["source_url"],
        "medium": size(pier, "medium"),
        "large": size(pier, "large"),
        "other": lamp["id"],
        "other_full": lamp["source_url"],
    }

    def post(title: str, content: str, date: str, **fields: Any) -> Record:
        return blog.make("posts", **{"status": "publish", **fields}, title=title, content=content, date=date)

    classic = post(
        "Sardines & salt — 5 < 6",
        CLASSIC.format(**here),
        "2019-07-14T18:30:00",
        author=rui["id"],
        categories=[sea["id"]],
        tags=[fish["id"]],
        excerpt="What the boats <em>brought</em> &amp; what not.",
    )
    blocks = post('The pier, "again" 🐟', BLOCKS.format(**here), "2021-01-10T08:05:00")
    post("Ήλιος και θάλασσα", "Nobody said anything here.", "2020-02-29T00:15:00")
    # Not an hour earlier: what WordPress tells of times in UTC is wrong in the hour that its own zone skips.
    post("", "It has no title.", "2020-03-29T03:30:00")
    closed = post("Closed since long ago", "It was open once.", "2018-12-01T12:00:00")
    about = blog.make(
        "pages", title="About us", content="Who we are.", status="publish", comment_status="open"
    )
    blog.make("pages", title="History", content="Since 1898.", status="publish", parent=about["id"])

    discuss(blog, classic, rui)
    hide(blog, post)
    blog.say(closed, "When it was open.", "Nell", at="2018-12-02T09:00:00")
    blog.change("posts", closed["id"], comment_status="closed")
    blog.say(about, "Where is the harbour?", "Nell", at="2020-05-01T09:00:00")
    blog.say({"id": pier["id"]}, "A fine picture.", "Nell", at="2020-05-02T09:00:00")
    blog.say(blocks, DELETED, "Nell", at="2021-07-01T00:30:00")
    blog.say(blocks, "At the hour that came twice.", "Nell", at="2021-10-31T01:30:00")
    mention(blog, classic)


def go_on(blog: WordPress) -> None:
    """Some weeks more: new posts and comments, and old ones that are edited, approved, taken back."""
    posts = {post["title"]["raw"]: post for post in blog.all("posts", "any")}
    said = {
        comment["content"]["raw"]: comment["id"] for comment in blog.all("comments", "all", type="comment")
    }
    classic, blocks = posts["Sardines & salt — 5 < 6"], posts['The pier, "again" 🐟']
    blog.say(
        classic, "So late, and still an answer.", "Late", at="2022-03-01T10:00:00", answers=said["Level 11."]
    )
    blog.say(classic, "Hello again.", "Nell", at="2022-03-02T10:00:00")
    blog.change("comments", said["I wrote this."], content="I wrote this, and changed it.")
    blog.change("comments", said["Is this fine?"], status="approved")
    blog.change("comments", said["You did."], status="hold")
    blog.bin("comments", said["Level 3."])
    blog.bin("comments", said["مساء الخير من المرفأ"])
    blog.delete("comments", said[DELETED])
    blog.change("posts", blocks["id"], slug="the-pier", content="It was said anew.", title="The pier")
    blog.change("posts", posts["Closed since long ago"]["id"], status="private")
    blog.bin("posts", posts["Ήλιος και θάλασσα"]["id"])
    blog.change("posts", posts["A private post"]["id"], status="publish", content="All may read it now.")
    new = blog.make("posts", title="New", content="New.", status="publish", date="2022-03-03T10:00:00")
    blog.say(new, "Also new.", "Nell", at="2022-03-03T11:00:00")


def discuss(blog: WordPress, post: Record, rui: Record) -> None:
    """A discussion with everything people write, and everything a moderator does."""
    day = "2019-07-{:02}T{:02}:00:00".format
    chain = 0
    for depth in range(12):
        chain = blog.say(post, f"Level {depth}.", f"Nell {depth % 3}", at=day(15, depth), answers=chain)
    for number, (name, text) in enumerate(SAYINGS.items()):
        blog.say(post, text, name, at=day(16 + number // 24, number % 24))
    own = blog.make(
        "comments", post=post["id"], author=rui["id"], content="I wrote this.", date_gmt=day(18, 1)
    )
    blog.say(post, "You did.", "Nell", at=day(18, 2), answers=own["id"])
    blog.say(post, "Is this fine?", "Waiting", at=day(18, 3), status="hold")
    for status in ("hold", "spam", "trash"):
        thrown = blog.say(post, f"In the {status}: {SECRET}.", "Gone", at=day(19, 1))
        blog.say(post, f"An answer to what is {status}.", "Nell", at=day(19, 2), answers=thrown)
        blog.change("comments", thrown, status=status)
        alone = blog.say(post, f"Alone in the {status}: {SECRET}.", "Gone", at=day(19, 3))
        blog.change("comments", alone, status=status)
    middle = blog.say(post, "It will be deleted.", "Gone", at=day(20, 1), answers=own["id"])
    blog.say(post, "What it answered is gone.", "Nell", at=day(20, 2), answers=middle)
    blog.delete("comments", middle)


SAYINGS = {
    "Zoë & Co 🐟": "Fish & chips, <3 and 5 < 6 > 4 && more. 🐟🇵🇹",
    "O'Brien": "It's \"quoted\" -- isn't it? 'Yes' ...",
    "<b>Bold</b> Guest": "Some <strong>strong</strong>, <em>soft</em>, <code>a &lt; b</code> and <del>gone</del>.",
    "سعاد": "مساء الخير من المرفأ",
    "C:\\temp": "A path: C:\\temp\\new, and \\\\server, and a regex \\d+.",
    "Linker": 'See <a href="https://logs.example/?a=1&amp;b=2" title="log">the log</a> and https://there.example/x_(y).',
    "Breaker": "One\nTwo\n\nThree\n\n\nFour\r\nFive",
    "Quoter": "<blockquote>It was lit.\n\nTwice.</blockquote>\nNo.",
    "Closer": "The end of data: ]]> and <![CDATA[ and &#93;&#93;&gt; and &amp;amp;.",
    "Scripter": "<script>alert(1)</script><img src=x onerror=alert(2)><p onclick='x()'>Words</p>",
    "[shout]": "[gallery] [caption]x[/caption] is only text in a comment.",
    "Markdown": "# Not a heading\n* no list\n_under_ **stars** `ticks`\n    no code\n1. one",
    "Anônimo": "Ação, coração — “aspas”, e\u0301 combined, and a zero\u200bwidth.",
    "Long": "A long word: " + "a" * 300 + " " + "words " * 700,
}


def hide(blog: WordPress, post: Any) -> None:
    """Posts that not everybody may read, and what was said below them."""
    for status in ("draft", "private", "pending", "future"):
        hidden = post(f"A {status} post", f"A text that {SECRET}.", "2019-09-01T12:00:00")
        blog.say(hidden, f"Below a {status} post: {SECRET}.", "Nell", at="2019-09-02T12:00:00")
        date = {"date": "2040-01-01T12:00:00"} if status == "future" else {}
        blog.change("posts", hidden["id"], status=status, **date)
    hidden = post("A post with a password", f"A text that {SECRET}.", "2019-09-01T12:00:00")
    blog.say(hidden, f"Below a password: {SECRET}.", "Nell", at="2019-09-02T12:00:00")
    blog.change("posts", hidden["id"], password="lamp")
    hidden = post("A post in the bin", f"A text that {SECRET}.", "2019-09-01T12:00:00")
    blog.say(hidden, f"Below the bin: {SECRET}.", "Nell", at="2019-09-02T12:00:00")
    blog.bin("posts", hidden["id"])


def mention(blog: WordPress, post: Record) -> None:
    """Two ways in which others say that they wrote of a post."""
    for number, status in enumerate(("approved", "hold", "spam")):
        page = f"elsewhere-{number}.html"
        words = f'<title>Elsewhere {number}</title><p>{number} of them say <a href="{post["link"]}">this</a> well.</p>'
        (blog.folder / page).write_text(words, encoding="utf-8")
        blog.pingback(f"{blog.url}/{page}", post, at="2019-07-20T10:00:00", status=status)
    blog.trackback(
        post,
        at="2019-07-21T10:00:00",
        title="Sardines & us",
        url="https://there.example/sardines",
        excerpt="They write of <em>sardines</em>",
        blog_name="There & then",
    )


def picture(colour: str) -> bytes:
    """A picture large enough that WordPress makes smaller ones of it."""
    data = BytesIO()
    Image.new("RGB", (1600, 900), colour).save(data, "PNG")
    return data.getvalue()


def size(uploaded: Record, name: str) -> str:
    """The address of one size of a picture."""
    address: str = uploaded["media_details"]["sizes"][name]["source_url"]
    return address
