def test_every_page_says_that_it_is_a_demonstration(browse):
    page = browse().get("/")

    assert "演示系统" in page.text


def test_every_page_forbids_scripts_that_are_not_its_own(browse):
    page = browse().get("/")

    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "<script>" not in page.text


def test_the_language_switch_shows_the_page_in_english(browse):
    browser = browse()
    browser.get("/")

    browser.post("/display", {"language": "en", "next": "/services/outing"})
    page = browser.get("/services/outing")

    assert '<html lang="en"' in page.text
    assert "Start now" in page.text
    assert "An outing" in page.text


def test_large_type_stays_chosen(browse):
    browser = browse()
    browser.get("/")

    browser.post("/display", {"large": "1"})

    assert 'class="large"' in browser.get("/").text


def test_language_and_type_size_outlive_signing_in(browse):
    browser = browse()
    browser.get("/")
    browser.post("/display", {"language": "en"})
    browser.post("/display", {"large": "1"})

    page = browser.sign_in("citizen").get("/")

    assert '<html lang="en" class="large"' in page.text


def test_nobody_is_sent_to_another_site_after_signing_in(browse):
    browser = browse()
    browser.get("/sign-in")

    page = browser.post(
        "/sign-in", {"user": "citizen", "password": "Morgenstern-7", "next": "//evil.example/"}
    )

    assert page.location == "/"


def test_too_many_wrong_passwords_lock_the_account_and_say_until_when(browse):
    browser = browse()
    browser.get("/sign-in")

    for _ in range(3):
        page = browser.post("/sign-in", {"user": "citizen", "password": "wrong"})
    page = browser.post("/sign-in", {"user": "citizen", "password": "Morgenstern-7"})

    assert page.status_code == 401
    assert "账号已锁定" in page.text


def test_a_changed_password_ends_other_sessions(browse):
    here, elsewhere = browse("citizen"), browse("citizen")
    here.get("/account")

    done = here.post(
        "/account/password",
        {"old": "Morgenstern-7", "password": "Abendstern-88", "again": "Abendstern-88"},
    )

    assert done.status_code == 302
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302


def test_a_page_that_does_not_exist_says_so_readably(browse):
    page = browse().get("/nowhere")

    assert page.status_code == 404
    assert "没有找到该内容" in page.text


def test_signing_out_closes_the_own_pages(browse):
    browser = browse("citizen")

    browser.post("/sign-out")

    assert browser.get("/my/cases").status_code == 302
