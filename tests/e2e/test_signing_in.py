"""Signing in: who is wrong learns little, who goes on being wrong is locked out."""

SAYS_NOTHING = "账号或密码不正确"


def test_a_wrong_password_is_refused_without_telling_what_is_wrong(visitor):
    person, stranger = visitor("edu"), visitor("nobody")

    person.sign_in("wrong password")
    stranger.sign_in("wrong password")

    assert person.reads(SAYS_NOTHING)
    assert stranger.reads(SAYS_NOTHING)


def test_five_wrong_passwords_lock_an_account(visitor):
    person = visitor("court")

    for _ in range(5):
        person.sign_in("wrong password")
    person.sign_in()

    assert person.reads("账号已锁定")


def test_every_page_says_that_this_is_a_demonstration(visitor):
    person = visitor("citizen")

    told = []
    for path in ("/sign-in", "/", "/my/cases"):
        person.visit(path)
        told.append(person.page.locator(".demo").is_visible())

    assert told == [True, True, True]
